import { beforeEach, expect, test } from 'vitest';
import { at } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { by, cooking, fish, must } from '../../../test/kitchen-facts.ts';
import { checkCooking } from './check-cooking.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

test('a dish is recorded and announced with its name, once', async () => {
  const { id: servingId } = await kitchen.plan();
  const [came] = must(await kitchen.came(servingId));
  const input = cooking(servingId, { ingredientIds: [came!.id] });
  const check = () => kitchen.school.transact((tx) => checkCooking(tx, { input, by }));
  const first = await check();
  expect(first).toMatchObject({ value: { dishId: fish.id, cookedAt: at('09:45'), recordedAt: at('10:50') } });
  kitchen.school.itIs(at('10:55'));
  expect(await check()).toEqual(first);
  expect((await kitchen.school.announced()).at(-1)).toMatchObject({ $case: 'dishCooked', value: { servingId, dishName: fish.name } });
  expect(await kitchen.announced()).toEqual(['servingPlanned', 'ingredientsChecked', 'dishCooked']);
});

test('a food that comes in and a dish that was prepared before it cannot both be taken in one instant', async () => {
  const { id: servingId } = await kitchen.plan();
  const [came] = must(await kitchen.came(servingId));
  const later = kitchen.came(servingId, { replaces: came!.id, reason: 'Ghi nhầm giờ', receivedAt: at('08:00') });
  const both = await Promise.all([later, kitchen.cooked(servingId, { ingredientIds: [came!.id] })]);
  expect(both.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
});

test('an id of another meal, and a meal that nobody planned, are refused', async () => {
  const [lunch, snack] = [await kitchen.plan(), await kitchen.plan({ meal: 'SNACK' })];
  const [came] = must(await kitchen.came(lunch.id));
  const { id } = must(await kitchen.cooked(lunch.id, { ingredientIds: [came!.id] }));
  expect(await kitchen.cooked(snack.id, { id })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
  expect(await kitchen.cooked(crypto.randomUUID())).toMatchObject({ refusal: { code: 'SERVING_UNKNOWN' } });
});
