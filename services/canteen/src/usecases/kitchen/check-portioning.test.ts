import { beforeEach, expect, test } from 'vitest';
import { at } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { by, fish, must, portioning } from '../../../test/kitchen-facts.ts';
import { checkPortioning } from './check-portioning.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

test('a dish is portioned once, with the time at which eating will begin', async () => {
  const { id: servingId } = await kitchen.plan();
  const [came] = must(await kitchen.came(servingId));
  must(await kitchen.cooked(servingId, { ingredientIds: [came!.id] }));
  const input = portioning(servingId);
  const check = () => kitchen.school.transact((tx) => checkPortioning(tx, { input, by }));
  const first = await check();
  expect(first).toMatchObject({ value: { dishId: fish.id, eatingAt: at('11:00') } });
  expect(await check()).toEqual(first);
  expect(await kitchen.announced()).toEqual(['servingPlanned', 'ingredientsChecked', 'dishCooked', 'dishPortioned']);
  expect((await kitchen.record(servingId)).portionings).toEqual([first.ok && first.value]);
});

test('a dish that was not cooked, an id of another meal, and an unknown meal are refused', async () => {
  const lunch = await kitchen.ready();
  const snack = await kitchen.plan({ meal: 'SNACK' });
  expect(await kitchen.portioned(snack.id)).toMatchObject({ refusal: { code: 'NOT_COOKED_YET' } });
  const [known] = (await kitchen.record(lunch.id)).portionings;
  expect(await kitchen.portioned(snack.id, { id: known!.id })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
  expect(await kitchen.portioned(crypto.randomUUID())).toMatchObject({ refusal: { code: 'SERVING_UNKNOWN' } });
});
