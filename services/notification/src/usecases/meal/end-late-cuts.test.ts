import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { guardian, lateCutEnded, markedAt, mealCutLate, origin, steps } from '../../../test/given.ts';
import { waitingMeal } from '../../domain/meal-alert.ts';
import { collections, notificationTx } from '../../tx.ts';
import { composeMealLetters } from './compose-meal-letters.ts';
import { endLateCuts } from './end-late-cuts.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  database.setNow(markedAt);
  for (const event of [given.school(), given.student(), given.guardian(guardian('g1'))]) await event;
});
afterAll(() => database.close());

const late = (version: number, meal: Parameters<typeof mealCutLate>[0] = {}) =>
  waitingMeal({ origin: origin(`late-${version}`), fact: mealCutLate({ reason: 'OFFICE', ...meal }), version }, markedAt);
const ended = (version: number, meal: Parameters<typeof lateCutEnded>[0] = {}) =>
  waitingMeal({ origin: origin(`ended-${version}`), fact: lateCutEnded(meal), version }, markedAt);
const alert = (_id: string) => database.db.collection<{ _id: string }>('alerts').findOne({ _id });

/** Two late cuts in one letter, which is sent; its alert is late-2. */
async function toldTogether(): Promise<void> {
  await given.run(async (tx) => {
    for (const each of [late(1), late(2, { meal: 'SNACK' })]) tx.alerts.insert(each);
    await composeMealLetters(tx, [late(1)]);
  });
  await given.send();
}
const end = (...each: { version: number; of: number; meal?: 'SNACK' }[]) =>
  given.run(async (tx) => {
    const known = await tx.alerts.ofMeals(['pupil-1:2026-11-23:LUNCH', 'pupil-1:2026-11-23:SNACK']);
    const endings = each.flatMap(({ version, of, meal }) => {
      const told = known.find(({ eventId }) => eventId === `late-${of}`);
      const waiting = ended(version, meal ? { meal } : {});
      tx.alerts.insert(waiting);
      return told ? [{ alert: waiting, ended: told }] : [];
    });
    return endLateCuts(tx, endings);
  });

test('nothing to end asks nothing and changes nothing', async () => {
  expect(await end()).toEqual(new Set());
});

test('late cuts of one letter that end together are taken back by one letter, which says with what they are told', async () => {
  await toldTogether();
  expect(await end({ version: 3, of: 1 }, { version: 4, of: 2, meal: 'SNACK' })).toEqual(new Set(['late-2']));
  expect(await alert('late-2')).toMatchObject({ status: 'COMPOSED', standing: 0, deliveries: 1 });
  expect(await alert('ended-3')).toMatchObject({ status: 'COMPOSED', toldWith: 'ended-4', deliveries: 0 });
  expect(await alert('ended-4')).toMatchObject({ status: 'COMPOSED', deliveries: 1 });
  const letters = await database.db.collection('deliveries').find({ kind: 'MEAL_CUT_LATE_ENDED' }).toArray();
  expect(letters.map(({ message }) => message.subject)).toEqual(['Đính chính bữa trưa và bữa phụ ngày 23/11/2026: Bùi Thanh Giang']);
});

test('one that ends leaves the other in the letter that latecomers would get', async () => {
  await toldTogether();
  await end({ version: 3, of: 1 });
  expect(await alert('late-2')).toMatchObject({ status: 'TOLD', standing: 1, fact: { meals: [{ meal: 'SNACK' }] } });
});

test('a letter that tells of a second late cut goes out although the first has ended, and the correction goes behind it', async () => {
  await given.run(async (tx) => {
    for (const each of [late(1), late(2, { meal: 'SNACK' })]) tx.alerts.insert(each);
    await composeMealLetters(tx, [late(1)]);
  });
  await end({ version: 3, of: 1 });
  expect(await given.send()).toEqual(['MEAL_CUT_LATE → g1: Không hoàn tiền bữa trưa và bữa phụ ngày 23/11/2026: Bùi Thanh Giang']);
});

test('long after it was told a late cut is still counted by what stands of its letter', async () => {
  await toldTogether();
  await database.db
    .collection('alerts')
    .updateOne({ _id: 'late-2' as never }, { $set: { status: 'COMPOSED', settledAt: markedAt }, $unset: { fact: '', lookAgainAt: '' } });
  await end({ version: 3, of: 1 });
  expect(await alert('late-2')).toMatchObject({ status: 'COMPOSED', standing: 1, deliveries: 1, about: 'pupil-1:2026-11-23:SNACK' });
});
