/** Error codes of the group protocol by which a broker says that it does not count on this member any more (Kafka protocol guide, error codes 22, 25, 27). */
const outOfGroup: ReadonlySet<unknown> = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS']);

/**
 * Whether a consumer ended only because its group went on without it, as after a broker that stood still for longer than a session.
 * kafkajs takes some of these for the end; a new consumer joins again and goes on from what is committed.
 */
export function wasLeftBehind(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('type' in cause && outOfGroup.has(cause.type)) return true;
  }
  return false;
}
