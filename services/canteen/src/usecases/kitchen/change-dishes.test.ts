import { Allergen } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { beforeEach, expect, test } from 'vitest';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { by, fish, must, shrimp, soup } from '../../../test/kitchen-facts.ts';
import { changeDishes } from './change-dishes.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

test('dishes come and go, and that is announced once', async () => {
  const serving = await kitchen.plan();
  const input = { id: crypto.randomUUID(), added: [shrimp], takenOff: [fish.id], reason: 'Cá không đạt' };
  const change = () => kitchen.school.transact((tx) => changeDishes(tx, { servingId: serving.id, input, by }));
  expect(must(await change()).dishes).toEqual([soup, shrimp]);
  await change();
  expect(await kitchen.announced()).toEqual(['servingPlanned', 'servingChanged']);
  expect((await kitchen.school.announced()).at(-1)).toMatchObject({
    value: {
      serving: { dishes: [{}, { ingredients: [{ name: 'Tôm', allergens: [Allergen.CRUSTACEANS] }] }] },
      change: { added: [{ dishId: shrimp.id }] },
    },
  });
  expect((await kitchen.record(serving.id)).serving.changes).toMatchObject([{ added: [shrimp], takenOff: [fish] }]);
  expect(await kitchen.cooked(serving.id)).toMatchObject({ refusal: { code: 'DISH_NOT_ON_MENU' } });
});

test('of a meal that nobody planned no dish is changed', async () => {
  const input = { id: crypto.randomUUID(), added: [], takenOff: [], reason: 'x' };
  const changed = kitchen.school.transact((tx) => changeDishes(tx, { servingId: crypto.randomUUID(), input, by }));
  expect(await changed).toMatchObject({ refusal: { code: 'SERVING_UNKNOWN' } });
});
