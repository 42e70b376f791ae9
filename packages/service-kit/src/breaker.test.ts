import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type Breaker, breaker, isBreakerError } from './breaker.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function guard<A extends unknown[], R>(
  work: (signal: AbortSignal, ...args: A) => Promise<R>,
  options: Partial<Parameters<typeof breaker<A, R>>[2]> = {},
): Breaker<A, R> {
  const made = breaker('the far end', work, {
    timeoutMs: 5_000,
    capacity: 10,
    resetMs: 100,
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

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

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
  await until(() => guarded.state() === 'half-open');
  broken = false;
  expect(await guarded.fire()).toBe('here');
  expect(guarded.state()).toBe('closed');
});

test('a try that fails opens it again', async () => {
  const guarded = guard(async () => {
    throw new Error('away');
  });
  for (let i = 0; i < 3; i++) await failure(guarded.fire());
  await until(() => guarded.state() === 'half-open');
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
  expect(isBreakerError(await failure(guarded.fire()))).toBe(true);
  await aborted.promise;
});

test('work that ignores its signal keeps its place until it ends', async () => {
  const end = Promise.withResolvers<string>();
  const guarded = guard(() => end.promise, { timeoutMs: 30, capacity: 1 });
  expect(await failure(guarded.fire())).toMatchObject({ code: 'ETIMEDOUT' });
  expect(await failure(guarded.fire())).toMatchObject({ code: 'EBUSYBREAKER' });
  end.resolve('done');
  await sleep(0);
  expect(await guarded.fire()).toBe('done');
});
