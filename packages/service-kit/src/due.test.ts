import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { type DueJob, due } from './due.ts';
import { createLogger } from './logger.ts';

interface Item {
  readonly schoolId: string;
  readonly id: string;
}
interface Tx {
  readonly schoolId: string;
}

const a1 = { schoolId: 'a', id: 'a1' };
const a2 = { schoolId: 'a', id: 'a2' };
const b1 = { schoolId: 'b', id: 'b1' };
const failover = new mongoose.mongo.MongoServerError({ code: 10107, message: 'not primary' });

/** A job over these items, and what became of them. */
function given(items: readonly Item[], work: (id: string) => void, changed: Partial<DueJob<Tx, Item>> = {}) {
  const done: string[][] = [];
  const putOff: string[] = [];
  let now = new Date('2026-11-30T00:00:00Z');
  const deps = {
    transact: async <R>({ schoolId }: { schoolId: string }, useCase: (tx: Tx) => Promise<R>) => useCase({ schoolId }),
    read: async <R>(_: unknown, query: (tx: Tx) => Promise<R>) => query({ schoolId: '' }),
    log: createLogger('kit', 'silent'),
    now: () => now,
  };
  const { run } = due<Tx, Item>(deps, {
    name: 'test',
    everyMs: 1_000,
    limit: 10,
    find: async () => items.filter(({ id }) => !putOff.includes(id)),
    work: async (portion) => {
      for (const { id } of portion) work(id);
      done.push(portion.map(({ id }) => id));
    },
    putOff: (_, { id }) => void putOff.push(id),
    ...changed,
  });
  return { run: () => run(new AbortController().signal), done, putOff, later: () => (now = new Date(now.getTime() + 60_000)) };
}
const nothing = () => undefined;
const failing = (wrong: string, error: unknown) => (id: string) => {
  if (id === wrong) throw error;
};

test('each school has its turn before a school has its second', async () => {
  const { run, done } = given([a1, a2, b1], nothing);
  expect(await run()).toBe(false);
  expect(done).toEqual([['a1'], ['b1'], ['a2']]);
});

test('what is worked on together is of one school', async () => {
  const { run, done } = given([a1, b1, a2], nothing, { together: 2 });
  await run();
  expect(done).toEqual([['a1', 'a2'], ['b1']]);
});

test('more waits where as many were found as were looked for, or where the work says so', async () => {
  expect(await given([a1, b1], nothing, { limit: 2 }).run()).toBe(true);
  expect(await given([a1], nothing, { work: async () => true }).run()).toBe(true);
  expect(await given([a1, b1], nothing, { limit: undefined as never }).run()).toBe(false);
});

test('an item that fails by its own fault is put off alone, also out of a portion, and the others are done', async () => {
  const { run, done, putOff } = given([a1, a2, b1], failing('a1', new Error('unreadable')), { together: 2 });
  await run();
  expect([done, putOff]).toEqual([[['a2'], ['b1']], ['a1']]);
});

test('a fault of the engines puts nothing off: the others are tried, and the tick fails', async () => {
  const { run, done, putOff } = given([a1, b1], failing('a1', failover));
  await expect(run()).rejects.toBe(failover);
  expect([done, putOff]).toEqual([[['b1']], []]);
});

test('where nothing can be put off, the school rests for a minute', async () => {
  const { run, done, later } = given([a1, b1], failing('a1', new Error('unreadable')), { putOff: undefined as never });
  await run();
  await run();
  expect(done).toEqual([['b1'], ['b1']]);
  later();
  await run();
  expect(done).toEqual([['b1'], ['b1'], ['b1']]);
});
