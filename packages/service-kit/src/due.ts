import type { Tick } from './clock.ts';
import { metrics } from './metrics.ts';
import { isInfrastructure } from './mongo-errors.ts';
import type { Deps } from './service.ts';
import { everySchool } from './session.ts';

/** Work that becomes due by itself: a row of a service's clock. */
export interface DueJob<T, I extends { readonly schoolId: string }> extends Pick<Tick, 'name' | 'everyMs' | 'firstAfterMs'> {
  /** What is due now, of every school, at most `limit`; read outside any transaction. */
  readonly find: (tx: T, limit: number) => Promise<readonly I[]>;
  /** Items looked for at once. Without it `find` finds all, and more waits only where the work says so. */
  readonly limit?: number;
  /** Items of one school that are worked on together; one when not given. */
  readonly together?: number;
  /** Does these items, all of one school. True where more of the same waits. */
  readonly work: (items: readonly [I, ...I[]], stopping: AbortSignal) => Promise<unknown>;
  /** The item failed by its own fault and must not be found again before `until`. Without it, its school rests until then in this process. */
  readonly putOff?: (tx: T, item: I, failed: Failed) => void | Promise<void>;
}

export interface Failed {
  readonly until: Date;
  readonly error: unknown;
}

type DueDeps<T> = Pick<Deps<unknown, T>, 'transact' | 'read' | 'log' | 'now'>;

const waitMs = 60_000;

/**
 * Runs a job over what is due, a portion of each school in turn. A fault of one item is that item's: what was worked on with it is done
 * one by one, the item is put off, and nobody else waits. A fault of the engines puts nothing off: the tick fails, backs off and comes again.
 */
export function due<T, I extends { readonly schoolId: string }>(deps: DueDeps<T>, job: DueJob<T, I>): Tick {
  const { name, everyMs, firstAfterMs = 0, find, limit = Number.POSITIVE_INFINITY, together = 1 } = job;
  const resting = new Map<string, number>();
  const run = async (stopping: AbortSignal): Promise<boolean> => {
    const now = deps.now().getTime();
    for (const [schoolId, until] of resting) if (until <= now) resting.delete(schoolId);
    const items = (await deps.read({ schoolId: everySchool }, (tx) => find(tx, limit))).filter(({ schoolId }) => !resting.has(schoolId));
    const engineFaults: unknown[] = [];
    let more = items.length >= limit;
    for (const portion of portionsOf(items, together)) {
      if (stopping.aborted) return false;
      try {
        more = (await workOn(deps, job, portion, { stopping, resting })) || more;
      } catch (error) {
        engineFaults.push(error);
      }
    }
    if (engineFaults.length > 0) throw engineFaults.length === 1 ? engineFaults[0] : new AggregateError(engineFaults, `${name} failed`);
    return more;
  };
  return { name, everyMs, firstAfterMs, run };
}

type Portion<I> = readonly [I, ...I[]];

interface Run {
  readonly stopping: AbortSignal;
  readonly resting: Map<string, number>;
}

/** True where more waits. Throws only what the engines are to blame for. */
async function workOn<T, I extends { readonly schoolId: string }>(
  deps: DueDeps<T>,
  job: DueJob<T, I>,
  portion: Portion<I>,
  run: Run,
): Promise<boolean> {
  const [first] = portion;
  try {
    return (await job.work(portion, run.stopping)) === true;
  } catch (error) {
    if (isInfrastructure(error)) throw error;
    if (portion.length > 1) {
      let more = false;
      for (const item of portion) more = (await workOn(deps, job, [item], run)) || more;
      return more;
    }
    metrics.retries.inc({ where: `due ${job.name}` });
    deps.log.warn({ err: error, job: job.name, schoolId: first.schoolId }, 'Work that was due failed and is put off; the rest goes on');
    const until = new Date(deps.now().getTime() + waitMs);
    const { putOff } = job;
    if (putOff) await deps.transact({ schoolId: first.schoolId }, async (tx) => putOff(tx, first, { until, error }));
    else run.resting.set(first.schoolId, until.getTime());
    return false;
  }
}

/** Portions of one school each; a portion of every school comes before the second of any. */
function portionsOf<I extends { readonly schoolId: string }>(items: readonly I[], together: number): Portion<I>[] {
  const rounds: Portion<I>[][] = [];
  for (const ofSchool of Map.groupBy(items, ({ schoolId }) => schoolId).values()) {
    for (let from = 0, round = 0; from < ofSchool.length; from += together, round++) {
      const [first, ...others] = ofSchool.slice(from, from + together);
      if (first) rounds[round] = [...(rounds[round] ?? []), [first, ...others]];
    }
  }
  return rounds.flat();
}
