import { beforeEach, expect, test } from 'vitest';
import { day, lunch } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { fish, shrimp, soup } from '../../../test/kitchen-facts.ts';
import { publishMenu } from '../meals/publish-menu.ts';
import { getServing, type ServingQuestion } from './get-serving.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

const get = (question: ServingQuestion) => kitchen.school.read((tx) => getServing(tx, question));

test('a meal is found by its id and by its day, with its records and what is missing', async () => {
  const { id } = await kitchen.ready();
  expect(await get({ servingId: id })).toMatchObject({ value: { missing: [], record: { serving: { id }, samples: [{}, {}] } } });
  expect(await get(lunch())).toEqual(await get({ servingId: id }));
  const snack = await kitchen.plan({ meal: 'SNACK' });
  expect(await get({ servingId: snack.id })).toMatchObject({ value: { missing: { length: 7 } } });
});

test('a menu that is published after the meal was planned is shown beside it where it differs', async () => {
  const { id } = await kitchen.plan();
  expect(await get({ servingId: id })).toMatchObject({ value: { difference: undefined } });
  const menu = { id: crypto.randomUUID(), ...lunch(), dishes: [soup, shrimp].map(({ name, ingredients }) => ({ name, ingredients })) };
  await kitchen.school.transact((tx) => publishMenu(tx, { menu, by: 'principal' }));
  expect(await get({ servingId: id })).toMatchObject({
    value: { difference: { version: 1, notServed: [shrimp.name], notOnMenu: [fish.name] } },
  });
});

test('what is not planned is not found, nor what another school planned', async () => {
  const { id } = await kitchen.plan();
  expect(await get(lunch(day('2026-11-24')))).toMatchObject({ refusal: { code: 'NO_SERVING' } });
  const other = await kitchens.newKitchen();
  expect(await other.school.read((tx) => getServing(tx, { servingId: id }))).toMatchObject({ refusal: { code: 'SERVING_UNKNOWN' } });
});
