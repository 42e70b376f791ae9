import { beforeEach, expect, test } from 'vitest';
import { lunch } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { by, fish, must, servingPlan, soup } from '../../../test/kitchen-facts.ts';
import { publishMenu } from '../meals/publish-menu.ts';
import { planServing } from './plan-serving.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

const plan = (facts: Parameters<typeof servingPlan>[0]) =>
  kitchen.school.transact((tx) => planServing(tx, { wanted: servingPlan(facts), by }));

test('a meal is planned and announced once', async () => {
  const id = crypto.randomUUID();
  const first = await plan({ id });
  expect(first).toMatchObject({ value: { id, status: 'PREPARING', dishes: [fish, soup], portions: 412, plannedBy: by } });
  expect(await plan({ id })).toEqual(first);
  expect(await plan({})).toMatchObject({ refusal: { code: 'SERVING_EXISTS', servingId: id } });
  expect(await kitchen.announced()).toEqual(['servingPlanned']);
});

test('where no portions are named, it has those that the kitchen counts', async () => {
  const { school } = kitchen;
  expect(await plan({ portions: 0 })).toMatchObject({ refusal: { code: 'NO_PORTIONS' } });
  school.itIs(new Date('2026-11-22T23:00:00Z'));
  await school.book([school.an, school.binh]);
  expect(await plan({ portions: 0 })).toMatchObject({ value: { portions: 2 } });
});

test('a meal without dishes is refused', async () => {
  expect(await plan({ dishes: [] })).toMatchObject({ refusal: { code: 'NO_DISHES' } });
});

test('the dishes of the newest menu are served, with what they are made of', async () => {
  const dish = (name: string) => ({ name, ingredients: [{ name: 'Gạo', allergens: [] }] });
  const publish = (names: string[]) =>
    kitchen.school.transact((tx) => publishMenu(tx, { menu: { id: crypto.randomUUID(), ...lunch(), dishes: names.map(dish) }, by }));
  await publish(['Phở bò']);
  await publish(['Cơm trắng', 'Canh bí đao']);
  const planned = must(await plan({ dishes: [] }));
  expect(planned.dishes.map(({ name }) => name)).toEqual(['Cơm trắng', 'Canh bí đao']);
  expect(planned.dishes[0]?.ingredients).toEqual([{ name: 'Gạo', allergens: [] }]);
  expect(new Set(planned.dishes.map(({ id }) => id)).size).toBe(2);
  expect(await plan({ meal: 'SNACK', dishes: [] })).toMatchObject({ refusal: { code: 'NO_DISHES' } });
});
