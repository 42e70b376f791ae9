import type { StartedRow } from './kit-collections.ts';

export type Start = Omit<StartedRow, '_id'>;

const mostChunkStarts = 3;
const mostSingleStarts = 5;

/**
 * What is noted before work on a place of a partition begins. `offset` is the first message's, `lastOffset` that of the last one of
 * the chunk it would be taken with. A chunk that was begun too often is taken one by one up to its end, because the message
 * that ends the process may be any of it; each of them then has starts of its own.
 */
export function nextStart(before: Start | undefined, offset: string, lastOffset: string): Start {
  const attempts = before?.offset === offset ? before.attempts + 1 : 1;
  const { singlyUntil } = before ?? {};
  if (singlyUntil !== undefined && BigInt(offset) <= BigInt(singlyUntil)) return { offset, attempts, singlyUntil };
  if (attempts > mostChunkStarts) return { offset, attempts: 1, singlyUntil: lastOffset };
  return { offset, attempts };
}

/** True for a single message that was begun so often that it must be what ends the process. */
export function startedTooOften({ attempts, singlyUntil }: Start): boolean {
  return singlyUntil !== undefined && attempts > mostSingleStarts;
}
