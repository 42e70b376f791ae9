import { type Deps, due, type Tick } from '@schoolbell/service-kit';
import type { CanteenConfig } from '../config.ts';
import type { CanteenTx } from '../tx.ts';
import { goOnWithWalk } from '../usecases/meals/go-on-with-walk.ts';
import { layOutPlans } from '../usecases/meals/lay-out-plans.ts';

type ClockDeps = Pick<Deps<CanteenConfig, CanteenTx>, 'transact' | 'read' | 'log' | 'now'>;

// A price that holds from September on changes nearly all of them.
const bookingsAtOnce = 500;

/** What happens in canteen without anyone asking. There is none for the cut-off: the count freezes by itself. */
export function clock(deps: ClockDeps): Tick[] {
  return [
    due(deps, {
      name: 'meal-plans',
      everyMs: 500,
      limit: 200,
      // Of each of them some forty days with a meal or two are booked in one transaction.
      together: 20,
      find: (tx, limit) => tx.plans.due(tx.now, limit),
      work: (plans) =>
        deps.transact({ schoolId: plans[0].schoolId }, (tx) =>
          layOutPlans(
            tx,
            plans.map(({ planId }) => planId),
          ),
        ),
      putOff: (tx, { planId }, { until }) => tx.plans.putOff(planId, until),
    }),
    due(deps, {
      name: 'recalculations',
      everyMs: 500,
      limit: 8,
      find: (tx, limit) => tx.walks.due(tx.now, limit),
      // A chunk of each, so that a large school does not make a small one wait.
      work: async ([{ schoolId, walkId }]) => {
        await deps.transact({ schoolId }, (tx) => goOnWithWalk(tx, { walkId, size: bookingsAtOnce }));
        return true;
      },
      putOff: (tx, { walkId }, { until }) => tx.walks.putOff(walkId, until),
    }),
  ];
}
