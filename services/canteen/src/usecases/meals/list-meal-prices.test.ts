import { beforeEach, expect, test } from 'vitest';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { listMealPrices } from './list-meal-prices.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('prices of other meals and schools are not among them', async () => {
  await school.define({ price: { meal: 'SNACK' } });
  const other = await schools.newSchool();
  expect(await school.read((tx) => listMealPrices(tx, 'LUNCH'))).toHaveLength(1);
  expect(await other.read((tx) => listMealPrices(tx, 'SNACK'))).toEqual([]);
});
