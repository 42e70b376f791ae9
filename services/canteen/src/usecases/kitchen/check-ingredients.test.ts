import { beforeEach, expect, test } from 'vitest';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { by, ingredient, must } from '../../../test/kitchen-facts.ts';
import { checkIngredients } from './check-ingredients.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

test('foods of one order are announced in one event, and a retry adds and announces nothing', async () => {
  const { id: servingId } = await kitchen.plan();
  const input = [ingredient(servingId), ingredient(servingId, { food: 'Cà chua', quickTest: 'PASSED' })];
  const check = () => kitchen.school.transact((tx) => checkIngredients(tx, { servingId, input, by }));
  const first = must(await check());
  expect(first.map(({ food, recordedBy }) => [food, recordedBy])).toEqual([
    ['Cá thu tươi', by],
    ['Cà chua', by],
  ]);
  expect(must(await check())).toEqual(first);
  expect((await kitchen.record(servingId)).ingredients).toEqual(first);
  expect(await kitchen.announced()).toEqual(['servingPlanned', 'ingredientsChecked']);
});

test('an id of another meal is refused', async () => {
  const [lunch, snack] = [await kitchen.plan(), await kitchen.plan({ meal: 'SNACK' })];
  const [used] = must(await kitchen.came(lunch.id));
  expect(await kitchen.came(snack.id, { id: used!.id })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
});

test('of a refused order nothing is kept', async () => {
  const { id: servingId } = await kitchen.plan();
  const input = [ingredient(servingId), ingredient(servingId, { sensory: 'FAILED' })];
  expect(await kitchen.school.transact((tx) => checkIngredients(tx, { servingId, input, by }))).toMatchObject({ ok: false });
  expect((await kitchen.record(servingId)).ingredients).toEqual([]);
  expect(await kitchen.came(crypto.randomUUID())).toMatchObject({ refusal: { code: 'SERVING_UNKNOWN' } });
});

test('two that put the same record right in one instant: one of them does', async () => {
  const { id: servingId } = await kitchen.plan();
  const [wrong] = must(await kitchen.came(servingId));
  const right = () => kitchen.came(servingId, { replaces: wrong!.id, reason: 'Cân lại', quantityThousandths: 34_000 });
  const both = await Promise.all([right(), right()]);
  expect(both.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
  expect((await kitchen.record(servingId)).ingredients).toHaveLength(2);
});
