import { type Deps, due, type Tick } from '@schoolbell/service-kit';
import type { CanteenConfig } from '../config.ts';
import type { CanteenTx } from '../tx.ts';
import { continueRecalculation } from '../usecases/meals/continue-recalculation.ts';
import { layOutPlans } from '../usecases/meals/lay-out-plans.ts';

type ClockDeps = Pick<Deps<CanteenConfig, CanteenTx>, 'transact' | 'read' | 'log' | 'now'>;

/** What canteen does by itself. The cut-off needs no row: the count freezes without one. */
export function clock(deps: ClockDeps): Tick[] {
  return [
    due(deps, {
      name: 'meal-plans',
      everyMs: 500,
      limit: 200,
      // One transaction books some forty days, with a meal or two, of each.
      together: 20,
      find: (tx, limit) => tx.plans.due(tx.now, limit),
      work: (plans) => {
        const ids = plans.map(({ id }) => id);
        return deps.transact({ schoolId: plans[0].schoolId }, (tx) => layOutPlans(tx, ids));
      },
      putOff: (tx, { id }, { until }) => tx.plans.putOff(id, until),
    }),
    due(deps, {
      name: 'recalculations',
      everyMs: 500,
      limit: 8,
      find: (tx, limit) => tx.recalculations.due(tx.now, limit),
      // A chunk of each at a time, so that a large school does not make a small one wait.
      work: async ([{ schoolId, id }]) => {
        await deps.transact({ schoolId }, (tx) => continueRecalculation(tx, { id, size: 500 }));
        return true;
      },
      putOff: (tx, { id }, { until }) => tx.recalculations.putOff(id, until),
    }),
  ];
}
