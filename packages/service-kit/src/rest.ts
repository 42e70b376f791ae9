const leastMs = 50;
const mostMs = 150;
const share = 3;

/**
 * How long to rest after work that took so many ms, before looking for more. Events come one by one all morning; a little rest lets
 * several of them share the transaction and the round trips that each would cost alone. A busy machine works slowly and so rests
 * longer, gathers more, and has less to do; the first event after a pause is never kept waiting.
 */
export function restAfter(workMs: number): number {
  return Math.max(leastMs - workMs, Math.min(mostMs, share * workMs));
}
