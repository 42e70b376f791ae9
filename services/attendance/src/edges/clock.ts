import { type Deps, everySchool, type Tick } from '@schoolbell/service-kit';
import type { AttendanceConfig } from '../config.ts';
import type { AttendanceTx } from '../tx.ts';
import { findDueWalks } from '../usecases/find-due-walks.ts';
import { goOnWithWalk } from '../usecases/go-on-with-walk.ts';
import { putOffWalk } from '../usecases/put-off-walk.ts';

type ClockDeps = Pick<Deps<AttendanceConfig, AttendanceTx>, 'transact' | 'read' | 'log'>;

const walksAtOnce = 8;

/** What happens in attendance without anyone asking. A walk is due no sooner than 20 s after its calendar, so nobody waits for this. */
export function clock(deps: ClockDeps): Tick[] {
  return [{ name: 'calendar-walks', everyMs: 5_000, run: () => goOnWithWalks(deps) }];
}

/** A class of each walk, so that a large school does not make a small one wait. */
async function goOnWithWalks({ read, transact, log }: ClockDeps): Promise<boolean> {
  const walks = await read({ schoolId: everySchool }, (tx) => findDueWalks(tx, walksAtOnce));
  const errors: unknown[] = [];
  for (const { schoolId, walkId } of walks) {
    try {
      await transact({ schoolId }, (tx) => goOnWithWalk(tx, walkId));
    } catch (error) {
      errors.push(error);
      log.warn({ err: error, schoolId }, 'A calendar walk failed; the others go on');
      await transact({ schoolId }, (tx) => putOffWalk(tx, walkId)).catch((fault: unknown) => errors.push(fault));
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} calendar walks failed`);
  return walks.length > 0;
}
