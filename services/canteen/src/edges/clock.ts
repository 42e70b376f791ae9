import { type Deps, everySchool, type Tick } from '@schoolbell/service-kit';
import type { CanteenConfig } from '../config.ts';
import type { CanteenTx } from '../tx.ts';
import { findDuePlans } from '../usecases/meals/find-due-plans.ts';
import { findDueWalks } from '../usecases/meals/find-due-walks.ts';
import { goOnWithWalk } from '../usecases/meals/go-on-with-walk.ts';
import { layOutPlans } from '../usecases/meals/lay-out-plans.ts';
import { putOffPlans } from '../usecases/meals/put-off-plans.ts';
import { putOffWalk } from '../usecases/meals/put-off-walk.ts';

type ClockDeps = Pick<Deps<CanteenConfig, CanteenTx>, 'transact' | 'read' | 'log'>;

// Of each of them some forty days with a meal or two are booked in one transaction.
const plansAtOnce = 20;
const plansAhead = 200;
// A price that holds from September on changes nearly all of them.
const bookingsAtOnce = 500;
const walksAtOnce = 8;

/** What happens in canteen without anyone asking. There is none for the cut-off: the count freezes by itself. */
export function clock(deps: ClockDeps): Tick[] {
  return [
    { name: 'meal-plans', everyMs: 500, run: () => layOutDue(deps) },
    { name: 'walks', everyMs: 500, run: () => goOnWithWalks(deps) },
  ];
}

async function layOutDue({ read, transact, log }: ClockDeps): Promise<boolean> {
  const due = await read({ schoolId: everySchool }, (tx) => findDuePlans(tx, plansAhead));
  const chunks = [...Map.groupBy(due, ({ schoolId }) => schoolId)].flatMap(([schoolId, plans]) =>
    chunksOf(plans.map(({ planId }) => planId)).map((planIds) => ({ schoolId, planIds })),
  );
  await each(chunks, log, {
    work: ({ schoolId, planIds }) => transact({ schoolId }, (tx) => layOutPlans(tx, planIds)),
    putOff: ({ schoolId, planIds }) => transact({ schoolId }, (tx) => putOffPlans(tx, planIds)),
  });
  return due.length === plansAhead;
}

/** A chunk of each walk, so that a large school does not make a small one wait. */
async function goOnWithWalks({ read, transact, log }: ClockDeps): Promise<boolean> {
  const walks = await read({ schoolId: everySchool }, (tx) => findDueWalks(tx, walksAtOnce));
  await each(walks, log, {
    work: ({ schoolId, walkId }) => transact({ schoolId }, (tx) => goOnWithWalk(tx, { walkId, size: bookingsAtOnce })),
    putOff: ({ schoolId, walkId }) => transact({ schoolId }, (tx) => putOffWalk(tx, walkId)),
  });
  return walks.length > 0;
}

function chunksOf(planIds: readonly string[]): string[][] {
  const chunks: string[][] = [];
  for (let from = 0; from < planIds.length; from += plansAtOnce) chunks.push(planIds.slice(from, from + plansAtOnce));
  return chunks;
}

interface Doing<I> {
  readonly work: (item: I) => Promise<void>;
  readonly putOff: (item: I) => Promise<void>;
}

/** One school's broken document must not hold up the others: the rest is done first, it is put off, and then the tick fails and backs off. */
async function each<I extends { readonly schoolId: string }>(
  items: readonly I[],
  log: ClockDeps['log'],
  { work, putOff }: Doing<I>,
): Promise<void> {
  const errors: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      errors.push(error);
      log.warn({ err: error, schoolId: item.schoolId }, 'One item of a tick failed; the others go on');
      await putOff(item).catch((fault: unknown) => errors.push(fault));
    }
  }
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors, `${errors.length} items of a tick failed`);
}
