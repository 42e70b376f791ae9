const share = 8;
const mostMs = 200;

/**
 * How long to rest after work that took so many ms, before looking for more: who works takes a ninth of the time at most. Events come
 * one by one all morning, and a rest lets several of them share the transaction and the round trips that each would cost alone. A busy
 * machine works slowly and so rests longer, gathers more and has less to do; the first event after a pause is never kept waiting.
 */
export function restAfter(workMs: number): number {
  return Math.min(mostMs, share * workMs);
}
