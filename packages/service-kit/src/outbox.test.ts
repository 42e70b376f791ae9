import { testDatabase } from '@schoolbell/testkit';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutboxRow, StreamRow } from './kit-collections.ts';
import type { Session } from './session.ts';

let database: Awaited<ReturnType<typeof testDatabase<Session>>>;
beforeAll(async () => {
  database = await testDatabase([], (session) => session);
});
afterAll(() => database.close());

const emit = (...keys: string[]) =>
  database.transact({ schoolId: 'school-a' }, async (session) => {
    for (const key of keys) session.emit({ type: 'school.test.v1.Said', key, payload: Buffer.from(key) });
  });
const rowsOf = (key: string) => database.db.collection<OutboxRow>('outbox').find({ key }).sort({ _id: 1 }).toArray();
const oneTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

test('versions of an aggregate are 1, 2, 3 … in the order of their ids, whether announced alone or with others', async () => {
  await emit('a');
  await emit('a', 'a', 'a');
  await emit('a', 'b', 'a', 'c');
  await emit('b');
  expect((await rowsOf('a')).map(({ version }) => version)).toEqual(oneTo(6));
  expect((await rowsOf('b')).map(({ version }) => version)).toEqual(oneTo(2));
  expect((await rowsOf('c')).map(({ version }) => version)).toEqual([1]);
});

test('a machine whose clock is behind still writes ids after those of the machine ahead of it', async () => {
  await emit('late');
  const ahead = uuidv7({ msecs: Date.now() + 3_600_000 });
  await database.db.collection<StreamRow>('streams').updateOne({ _id: 'late' }, { $set: { lastId: ahead } });
  await emit('late');
  await emit('late', 'late');
  await emit('late', 'other');
  const rows = await rowsOf('late');
  expect(rows.map(({ version }) => version)).toEqual(oneTo(5));
  expect(rows.slice(1).every(({ _id }) => _id > ahead)).toBe(true);
  expect((await database.db.collection<StreamRow>('streams').findOne({ _id: 'late' }))?.lastId).toBe(rows.at(-1)?._id);
});

test('many writers of one aggregate at once leave no gap and no double', async () => {
  await Promise.all(Array.from({ length: 25 }, () => emit('crowd')));
  expect((await rowsOf('crowd')).map(({ version }) => version)).toEqual(oneTo(25));
});
