import { status } from '@grpc/grpc-js';
import { testDatabase } from '@schoolbell/testkit';
import mongoose from 'mongoose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { defineCollection, type Stored } from './documents.ts';
import { failureOf } from './failure.ts';
import { createLogger } from './logger.ts';
import type { Session } from './session.ts';

interface Slip extends Stored {
  number: string;
}
const slips = defineCollection<Slip>(
  'slips',
  new mongoose.Schema({ number: { type: String, required: true } }).index({ schoolId: 1, number: 1 }, { unique: true }),
);
const makeTx = (session: Session) => ({ slips: session.collection(slips) });
let database: Awaited<ReturnType<typeof testDatabase<ReturnType<typeof makeTx>>>>;
beforeAll(async () => {
  database = await testDatabase([slips], makeTx);
});
afterAll(() => database.close());

let lines: string[] = [];
beforeEach(() => {
  lines = [];
});
const log = createLogger('test', 'info', { write: (line) => lines.push(line) });
const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

/** What a use case that inserts without looking is answered. */
const insert = (schoolId: string, slip: Omit<Slip, 'schoolId'>) =>
  database
    .transact({ schoolId }, async (tx) => tx.slips.insert(slip))
    .then(
      () => undefined,
      (error: unknown) => failureOf(error, 'Slips/Keep', log),
    );

test('an id that another school has taken is refused as taken, and nobody is told by whom', async () => {
  expect(await insert('school-a', { _id: 'id-of-a', number: '1' })).toBeUndefined();
  const refusal = await insert('school-b', { _id: 'id-of-a', number: '2' });
  expect(refusal).toMatchObject({ code: 'ID_TAKEN', status: status.ALREADY_EXISTS, facts: {} });
  expect(refusal?.text.en).toContain('Make a new id');
  expect(logged()).toEqual([expect.objectContaining({ level: 'info', where: 'Slips/Keep' })]);
  expect(JSON.stringify([refusal, lines])).not.toMatch(/school-a|id-of-a/);
});

test('any other duplicate that stays is a bug, which a new id would not help', async () => {
  expect(await insert('school-a', { _id: 'first', number: '7' })).toBeUndefined();
  expect(await insert('school-a', { _id: 'second index: _id_ dup', number: '7' })).toMatchObject({ code: 'INTERNAL' });
  expect(logged()).toEqual([expect.objectContaining({ level: 'error' })]);
});
