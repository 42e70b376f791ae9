import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Breaker, breaker, isBreakerError } from './breaker.ts';

const closing: (() => void)[] = [];
const resetMs = 100;
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  vi.useRealTimers();
});

function guard<A extends unknown[], R>(
  work: (signal: AbortSignal, ...args: A) => Promise<R>,
  options: Partial<Parameters<typeof breaker<A, R>>[2]> = {},
): Breaker<A, R> {
  const made = breaker('the far end', work, {
    timeoutMs: 5_000,
    capacity: 10,
    resetMs,
    errorThreshold: 50,
    volumeThreshold: 3,
    ...options,
  });
  closing.push(made.stop);
  return made;
}

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

test('after enough failures calls fail at once, then one tries, and its success closes the breaker', async () => {
  let broken = true;
  let calls = 0;
  const guarded = guard(async () => {
    calls++;
    if (broken) throw new Error('away');
    return 'here';
  });
  for (let i = 0; i < 3; i++) await failure(guarded.fire());
  expect(guarded.state()).toBe('open');
  expect(isBreakerError(await failure(guarded.fire()))).toBe(true);
  expect(calls).toBe(3);
  await vi.advanceTimersByTimeAsync(resetMs);
  expect(guarded.state()).toBe('half-open');
  broken = false;
  expect(await guarded.fire()).toBe('here');
  expect(guarded.state()).toBe('closed');
});

test('a try that fails opens it again', async () => {
  const guarded = guard(async () => {
    throw new Error('away');
  });
  for (let i = 0; i < 3; i++) await failure(guarded.fire());
  await vi.advanceTimersByTimeAsync(resetMs);
  expect(guarded.state()).toBe('half-open');
  expect(await failure(guarded.fire())).toMatchObject({ message: 'away' });
  expect(guarded.state()).toBe('open');
});

test('a refusal by a healthy remote reaches the caller and never opens it', async () => {
  const guarded = guard(
    async (_: AbortSignal, code: string) => {
      throw Object.assign(new Error('no'), { code });
    },
    { isFailure: (error) => (error as { code: string }).code !== 'REFUSED' },
  );
  for (let i = 0; i < 10; i++) expect(await failure(guarded.fire('REFUSED'))).toMatchObject({ code: 'REFUSED' });
  expect(guarded.state()).toBe('closed');
});

test('a call that takes too long fails, and its signal tells the work to stop', async () => {
  const aborted = Promise.withResolvers<void>();
  const guarded = guard(
    (signal) => {
      signal.addEventListener('abort', () => aborted.resolve());
      return new Promise(() => undefined);
    },
    { timeoutMs: 50 },
  );
  const late = failure(guarded.fire());
  await vi.advanceTimersByTimeAsync(50);
  expect(isBreakerError(await late)).toBe(true);
  await aborted.promise;
});

test('work that ignores its signal keeps its place until it ends', async () => {
  const end = Promise.withResolvers<string>();
  const guarded = guard(() => end.promise, { timeoutMs: 30, capacity: 1 });
  const late = failure(guarded.fire());
  await vi.advanceTimersByTimeAsync(30);
  expect(await late).toMatchObject({ code: 'ETIMEDOUT' });
  expect(await failure(guarded.fire())).toMatchObject({ code: 'EBUSYBREAKER' });
  end.resolve('done');
  await vi.advanceTimersByTimeAsync(0);
  expect(await guarded.fire()).toBe('done');
});
