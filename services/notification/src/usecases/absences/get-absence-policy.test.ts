import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { day, markedAt, office, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { getAbsencePolicy } from './get-absence-policy.ts';
import { setAbsencePolicy } from './set-absence-policy.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  database.setNow(markedAt);
});
afterAll(() => database.close());

test('each school has the usual policy until it lays down its own, and keeps it for the days before', async () => {
  const on = (date: string, school = given) => school.run((tx) => getAbsencePolicy(tx, day(date)));
  const usual = await on('2026-11-23');
  const own = { ...usual, id: '0198c1de-6c1e-7b5e-9c1a-000000000001', effectiveFrom: day('2026-12-01'), tellLate: true, citation: 'QĐ 12' };
  await given.run((tx) => setAbsencePolicy(tx, { policy: own, by: office.subject }));
  expect(await on('2026-11-30')).toEqual(usual);
  expect(await on('2026-12-01')).toMatchObject(own);
  expect(await on('2026-12-01', steps(database.transact, 'other'))).toEqual(usual);
});
