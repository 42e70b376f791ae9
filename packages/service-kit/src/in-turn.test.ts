import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { createTurns } from './in-turn.ts';

test('work of one key runs one after the other, in the order it came, and each caller gets its own result', async () => {
  const inTurn = createTurns();
  const steps: string[] = [];
  const work = (name: string) =>
    inTurn('order', async () => {
      steps.push(`${name} begins`);
      await new Promise(setImmediate);
      steps.push(`${name} ends`);
      return name;
    });
  expect(await Promise.all(['a', 'b', 'c'].map(work))).toEqual(['a', 'b', 'c']);
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('work of another key does not wait', async () => {
  const inTurn = createTurns();
  const held = Promise.withResolvers<string>();
  const waiting = [inTurn('one', () => held.promise), inTurn('one', async () => 'second')];
  expect(await inTurn('other', async () => 'at once')).toBe('at once');
  held.resolve('first');
  expect(await Promise.all(waiting)).toEqual(['first', 'second']);
});

test('work is told whether it waited', async () => {
  const inTurn = createTurns();
  const ask = (key: string) => inTurn(key, async (waited) => waited);
  expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual([false, true, false]);
  expect(await ask('a')).toBe(false);
});

test('work that fails fails for its own caller alone', async () => {
  const inTurn = createTurns();
  const failing = inTurn('order', () => Promise.reject(new Error('broken')));
  const next = inTurn('order', async () => 'done');
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('done');
});

test('work keeps the context of its own caller, whoever was before it', async () => {
  const inTurn = createTurns();
  const request = new AsyncLocalStorage<string>();
  const ask = (name: string) => request.run(name, () => inTurn('order', async () => request.getStore()));
  expect(await Promise.all([ask('a'), ask('b')])).toEqual(['a', 'b']);
});

test('a key is forgotten when nobody is at work on it or waits', async () => {
  const last = new Map<string, Promise<unknown>>();
  const inTurn = createTurns(last);
  const all = [inTurn('a', async () => 1), inTurn('a', () => Promise.reject(new Error('broken'))), inTurn('b', async () => 2)];
  expect([...last.keys()]).toEqual(['a', 'b']);
  await Promise.allSettled(all);
  expect([...last.keys()]).toEqual([]);
});
