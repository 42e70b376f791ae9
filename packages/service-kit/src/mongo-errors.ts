interface MongoLike {
  readonly name?: string;
  readonly code?: number | string;
  readonly hasErrorLabel?: (label: string) => boolean;
}

const infrastructure = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoPoolClearedError',
  'MongoPoolClearedOnNetworkError',
  'PoolClearedOnNetworkError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoNotConnectedError',
  'MongooseServerSelectionError',
  'OutcomeUnknownError',
]);

// Codes of a member that is stepping down, starting or shutting down (MongoDB: error codes "NotPrimaryError", "ShutdownError"), and of a deadline.
const infrastructureCodes = new Set<unknown>([89, 91, 189, 262, 7, 6, 10107, 11600, 11602, 13435, 13436, 9001]);

export function hasLabel(error: unknown, label: string): boolean {
  const { hasErrorLabel } = (error ?? {}) as MongoLike;
  return typeof hasErrorLabel === 'function' && hasErrorLabel.call(error, label);
}

export function isDuplicateKey(error: unknown): boolean {
  return (error as MongoLike | undefined)?.code === 11000;
}

/** True when the engine, not the work, is to blame: the same work may succeed a little later. */
export function isInfrastructure(error: unknown): boolean {
  const { name = '', code } = (error ?? {}) as MongoLike;
  return (
    infrastructure.has(name) ||
    // Other libraries number their errors too.
    (name.startsWith('Mongo') && infrastructureCodes.has(code)) ||
    hasLabel(error, 'TransientTransactionError') ||
    hasLabel(error, 'UnknownTransactionCommitResult') ||
    hasLabel(error, 'RetryableWriteError')
  );
}
