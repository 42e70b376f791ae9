import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { lateCutEnded, markedAt, mealCredited, mealCutLate, origin, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { endLateCut, keepMeal } from './keep-meal.ts';

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

const alerts = () => database.db.collection('alerts').find().sort({ _id: 1 }).toArray();
const inTime = (version: number) => ({ fact: lateCutEnded({ stands: 'CANCELLED' }), version, origin: origin(`meal-${version}`) });

test('a meal is kept once, however often it is heard, and nothing is sent from there', async () => {
  await Promise.all([given.meal(1, mealCredited()), given.meal(1, mealCredited())]);
  expect((await given.meal(1, mealCredited())).value).toEqual({ outcome: 'KNOWN_ALREADY' });
  expect(await alerts()).toMatchObject([{ _id: 'meal-1', status: 'WAITING', about: 'pupil-1:2026-11-23:LUNCH', version: 1 }]);
  expect(await database.db.collection('deliveries').countDocuments()).toBe(0);
});

test('a cut in time writes nothing where the meal was never cut too late, also where it was credited before', async () => {
  await given.meal(1, mealCredited());
  expect((await given.run((tx) => endLateCut(tx, inTime(2)))).value).toEqual({ outcome: 'NOTHING_TO_END' });
  expect(await alerts()).toHaveLength(1);
});

test('a cut in time ends a late cut that is known, also one of the same transaction, once', async () => {
  const late = { fact: mealCutLate(), version: 1, origin: origin('meal-1') };
  await given.run(async (tx) => {
    await endLateCut(tx, inTime(0));
    await keepMeal(tx, late);
    await endLateCut(tx, inTime(2));
  });
  expect((await given.run((tx) => endLateCut(tx, inTime(2)))).value).toEqual({ outcome: 'KNOWN_ALREADY' });
  expect((await alerts()).map(({ kind }) => kind)).toEqual(['MEAL_CUT_LATE', 'MEAL_CUT_LATE_ENDED']);
});
