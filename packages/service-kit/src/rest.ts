const share = 8;
const mostMs = 200;

/**
 * How long to pause after work that took so many ms: work then takes a ninth of the time at most. Events come one by one all morning,
 * and a pause lets several of them share a transaction and its round trips. A busy machine works slowly, so it pauses longer, gathers
 * more and has less to do. The first event after a pause never waits.
 */
export function restAfter(workMs: number): number {
  return Math.min(mostMs, share * workMs);
}
