import { afterEach, expect, test } from 'vitest';
import { startTick, type Ticking, wakeByName } from './clock.ts';
import { createLogger } from './logger.ts';

const log = createLogger('test', 'silent');
let ticking: Ticking | undefined;
afterEach(() => ticking?.stop());

test('a tick that has more work runs again at once, and never beside itself', async () => {
  let left = 50;
  let atOnce = 0;
  let most = 0;
  const done = Promise.withResolvers<void>();
  const run = async (): Promise<boolean> => {
    most = Math.max(most, ++atOnce);
    await new Promise(setImmediate);
    atOnce--;
    left--;
    if (left === 0) done.resolve();
    return left > 0;
  };
  // With a pause of a minute only "more" can bring it to the end.
  ticking = startTick({ name: 'portions', everyMs: 60_000, run: () => run() }, log);
  await done.promise;
  expect(most).toBe(1);
});

test('a tick that is woken does not wait for the end of its pause', async () => {
  let runs = 0;
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const run = async (): Promise<boolean> => {
    (++runs === 1 ? first : second).resolve();
    return false;
  };
  ticking = startTick({ name: 'resting', everyMs: 3_600_000, run }, log);
  ticking.wake();
  await first.promise;
  ticking.wake();
  await second.promise;
});

test('a tick survives an error and goes on', async () => {
  let runs = 0;
  const recovered = Promise.withResolvers<void>();
  const run = async (): Promise<boolean> => {
    if (++runs === 1) throw new Error('away');
    recovered.resolve();
    return false;
  };
  ticking = startTick({ name: 'fragile', everyMs: 10, run }, log);
  await recovered.promise;
});

test('a run at hand is told that the service stops', async () => {
  const begun = Promise.withResolvers<void>();
  let runs = 0;
  const run = (stopping: AbortSignal): Promise<boolean> => {
    runs++;
    begun.resolve();
    return new Promise((resolve) => stopping.addEventListener('abort', () => resolve(true), { once: true }));
  };
  ticking = startTick({ name: 'endless', everyMs: 1, run }, log);
  await begun.promise;
  await ticking.stop();
  expect(runs).toBe(1);
});

test('a stop waits for the run at hand', async () => {
  const begun = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  let finished = false;
  const run = async (): Promise<boolean> => {
    begun.resolve();
    await finish.promise;
    finished = true;
    return true;
  };
  ticking = startTick({ name: 'slow', everyMs: 1, run }, log);
  await begun.promise;
  const stopped = ticking.stop();
  finish.resolve();
  await stopped;
  expect(finished).toBe(true);
});

test('a name that no tick has is told to whoever reads the log, once, and the work that called it goes on', () => {
  const lines: string[] = [];
  const log = createLogger('test', 'warn', { write: (line) => lines.push(line) });
  let woken = 0;
  const wake = wakeByName(new Map([['invoice-runs', { wake: () => woken++ }]]), log);
  wake('invoice-runs');
  expect(lines).toEqual([]);
  for (let time = 0; time < 3; time++) wake('invoice-rums');
  expect(woken).toBe(1);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 'warn', tick: 'invoice-rums', ticks: ['invoice-runs'] }]);
});
