import { vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { price } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { defineMealPrice } from './define-meal-price.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('every price that was defined is kept, in its order, and a repeat is one', async () => {
  const wanted = price({ amount: vnd(36_000n) });
  const define = (facts = {}) => school.transact((tx) => defineMealPrice(tx, { price: { ...wanted, ...facts }, by: 'accountant' }));
  expect(await define()).toEqual(await define());
  expect(await school.read((tx) => tx.prices.ofMeals(['LUNCH']))).toMatchObject([{ order: 1 }, { order: 2, amount: vnd(36_000n) }]);
  expect(await define({ amount: vnd(1n) })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
  expect(await school.documents('walks')).toBe(4);
});

test('two prices defined at once get different orders', async () => {
  const define = () => school.transact((tx) => defineMealPrice(tx, { price: price(), by: 'accountant' }));
  await Promise.all([define(), define()]);
  expect((await school.read((tx) => tx.prices.ofMeals(['LUNCH']))).map(({ order }) => order)).toEqual([1, 2, 3]);
});
