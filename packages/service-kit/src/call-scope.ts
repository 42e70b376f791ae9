import { AsyncLocalStorage } from 'node:async_hooks';

/** The time that whoever called us still gives, and the signal that he went away. */
export interface CallScope {
  readonly deadline: Date;
  readonly signal: AbortSignal;
}

const scopes = new AsyncLocalStorage<CallScope>();

/** Runs `work` so that every call it makes ends no later than its own caller's deadline. */
export function withCallScope<R>(scope: CallScope, work: () => R): R {
  return scopes.run(scope, work);
}

export function callScope(): CallScope | undefined {
  return scopes.getStore();
}
