import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lateCutEnded, mealCutLate, origin, steps } from '../../../test/given.ts';
import { mealKey } from '../../domain/meals/meals.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { endLateCut, keepMeal } from './keep-meal.ts';
import { readMealsAhead } from './read-meals-ahead.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
beforeAll(async () => {
  database = await open();
});
afterAll(() => database.close());

test('a morning of cuts costs as many questions as one, and writes only what has to be told', async () => {
  const given = steps(database.transact);
  const pupils = Array.from({ length: 20 }, (_, index) => `pupil-${index}`);
  const cuts = pupils.map((studentId) => ({
    fact: lateCutEnded({ stands: 'CANCELLED' }),
    version: 2,
    origin: origin(`cut-${studentId}`, { studentId }),
  }));
  const late = { fact: mealCutLate(), version: 1, origin: origin('late', { studentId: 'late' }) };
  await database.db.command({ profile: 2 });
  await given.run(async (tx) => {
    const ahead = cuts.map(({ fact, origin }) => ({
      eventId: origin.eventId,
      meal: mealKey(origin.studentId, fact.meals[0]),
      first: true,
    }));
    await readMealsAhead(tx, [...ahead, { eventId: 'late', meal: mealKey('late', late.fact.meals[0]), first: false }]);
    for (const cut of cuts) await endLateCut(tx, cut);
    await keepMeal(tx, late);
  });
  await database.db.command({ profile: 0 });
  const asked = await database.db
    .collection('system.profile')
    .find({ op: 'query', ns: /[.]alerts$/ })
    .toArray();
  await database.db.collection('system.profile').drop();
  expect(asked).toHaveLength(2);
  expect(await database.db.collection('alerts').countDocuments()).toBe(1);
});
