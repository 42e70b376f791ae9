import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** Named in the error when the time is over: "MongoDB to elect a primary". */
  readonly what: string;
  readonly limitMs: number;
  /** Ends the waiting with its reason, for instance when the process waited for has died. */
  readonly signal?: AbortSignal | undefined;
}

/** Asks again and again until the answer is neither undefined nor an error. */
export async function untilAnswered<T>(ask: () => Promise<T | undefined>, { what, limitMs, signal }: Patience): Promise<T> {
  const deadline = Date.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    signal?.throwIfAborted();
    if (Date.now() > deadline) {
      throw new Error(`Waited ${Math.round(limitMs / 1_000)} s in vain for ${what}${last === undefined ? '' : `: ${reasonOf(last)}`}.`);
    }
    await sleep(50);
  }
}

export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || ('code' in error ? String(error.code) : error.name) : String(error);
  return (text.split('\n')[0] ?? '').trim().replace(/\.$/, '');
}

/** Long steps say that they still run. */
export async function withProgress<T>(log: Log, what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1_000);
  log(`${what} …`);
  const timer = setInterval(() => log(`${what} … ${seconds()} s`), 10_000);
  try {
    const result = await work();
    log(`${what} … done in ${seconds()} s`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

export type Log = (line: string) => void;
