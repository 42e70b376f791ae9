import { type Deps, due, type Tick } from '@schoolbell/service-kit';
import type { AttendanceConfig } from '../config.ts';
import type { AttendanceTx } from '../tx.ts';
import { goOnWithWalk } from '../usecases/go-on-with-walk.ts';

/** What happens in attendance without anyone asking. */
export function clock(deps: Pick<Deps<AttendanceConfig, AttendanceTx>, 'transact' | 'read' | 'log' | 'now'>): Tick[] {
  return [
    due(deps, {
      name: 'calendar-walks',
      // One is due no sooner than 20 s after its calendar, so nobody waits for it.
      everyMs: 5_000,
      limit: 8,
      find: (tx, limit) => tx.walks.due(tx.now, limit),
      // A class of each, so that a large school does not make a small one wait.
      work: async ([{ schoolId, walkId }]) => {
        await deps.transact({ schoolId }, (tx) => goOnWithWalk(tx, walkId));
        return true;
      },
      putOff: (tx, { walkId }, { until }) => tx.walks.putOff(walkId, until),
    }),
  ];
}
