import CircuitBreaker from 'opossum';

export interface BreakerOptions<A extends unknown[]> {
  /** Longest a call may take, in ms; its signal then aborts. */
  readonly timeoutMs: number;
  /** Most calls at work at once; a further one fails at once. */
  readonly capacity: number;
  /** How long the breaker stays open before it lets one call try, in ms. */
  readonly resetMs: number;
  /** Share of failed calls within ten seconds that opens it, in percent. */
  readonly errorThreshold: number;
  /** Calls within those ten seconds below which it never opens. */
  readonly volumeThreshold?: number;
  /** Which errors speak against the remote; a refusal by a healthy remote does not. All do by default. */
  readonly isFailure?: (error: unknown, ...args: A) => boolean;
}

export interface Breaker<A extends unknown[], R> {
  fire(...args: A): Promise<R>;
  state(): 'closed' | 'open' | 'half-open';
  stop(): void;
}

/** 1 while calls to the remote of this name fail at once. Metrics read it, so that a caller that shows none does not load them. */
export const openBreakers = new Map<string, 0 | 1>();

type Outcome<R> = { readonly value: R } | { readonly error: unknown };

/**
 * Guards a remote: after too many failures calls fail at once, and now and then one tries again. There is no fallback, for with one
 * a failed send would look done.
 */
export function breaker<A extends unknown[], R>(
  name: string,
  work: (signal: AbortSignal, ...args: A) => Promise<R>,
  { timeoutMs, capacity, resetMs, errorThreshold, volumeThreshold = 5, isFailure = () => true }: BreakerOptions<A>,
): Breaker<A, R> {
  // opossum frees a place when a call times out, though the work may go on; counted here, it keeps its place until it ends.
  let atWork = 0;
  // An error that does not speak against the remote comes back as a value: opossum must not count it.
  const action = async (controller: AbortController, ...args: A): Promise<Outcome<R>> => {
    atWork++;
    try {
      return { value: await work(controller.signal, ...args) };
    } catch (error) {
      if (isFailure(error, ...args)) throw error;
      return { error };
    } finally {
      atWork--;
    }
  };
  const circuit = new CircuitBreaker<[AbortController, ...A], Outcome<R>>(action, {
    name,
    timeout: timeoutMs,
    resetTimeout: resetMs,
    errorThresholdPercentage: errorThreshold,
    volumeThreshold,
    rollingPercentilesEnabled: false,
  });
  circuit.on('open', () => openBreakers.set(name, 1));
  circuit.on('close', () => openBreakers.set(name, 0));
  return {
    async fire(...args) {
      if (atWork >= capacity) throw busy(name);
      const controller = new AbortController();
      try {
        const outcome = await circuit.fire(controller, ...args);
        if ('error' in outcome) throw outcome.error;
        return outcome.value;
      } finally {
        // After a time-out the work still runs; after anything else this is without effect.
        controller.abort();
      }
    },
    state: () => (circuit.opened ? 'open' : circuit.halfOpen ? 'half-open' : 'closed'),
    stop: () => circuit.shutdown(),
  };
}

const ownCodes = new Set<unknown>(['EOPENBREAKER', 'ETIMEDOUT', 'EBUSYBREAKER', 'ESHUTDOWN']);

/** True when the breaker itself said no or ran out of patience, as against an error of the work. */
export function isBreakerError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ownCodes.has(error.code) &&
    (error.message.startsWith('Too many calls') || CircuitBreaker.isOurError(error))
  );
}

function busy(name: string): Error {
  return Object.assign(new Error(`Too many calls to ${name} at once`), { code: 'EBUSYBREAKER' });
}
