import { Allergen, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FarEnd, openFarEnd } from '../test/far-end.ts';

let far: FarEnd;
beforeEach(async () => {
  far = await openFarEnd();
});
afterEach(() => far.close());

test('a menu is published with every allergen that was typed', async () => {
  far.answers.publishMenu = ({ menu }) => ({ menu });
  const dishes = ['--dish', 'Xôi: lạc [peanuts], gạo nếp', '--dish', 'Trứng chiên: trứng gà [eggs], sữa [milk]'];
  const { exit, out } = await far.run('menu', 'publish', '--date', '2026-11-24', ...dishes);
  expect(exit).toBe(0);
  expect(far.asking('publishMenu')).toMatchObject([
    {
      menu: {
        ...{ date: '2026-11-24', meal: Meal.LUNCH },
        dishes: [
          {
            name: 'Xôi',
            ingredients: [
              { name: 'lạc', allergens: [Allergen.PEANUTS] },
              { name: 'gạo nếp', allergens: [] },
            ],
          },
          { name: 'Trứng chiên', ingredients: [{ allergens: [Allergen.EGGS] }, { allergens: [Allergen.MILK] }] },
        ],
      },
    },
  ]);
  expect(out).toMatch(/lạc +peanuts/);
});

test.each([['Xôi: lạc [peanuts] rang, gạo nếp'], ['Xôi: trứng gà [eggs, thịt'], ['Xôi: sữa [milk] ; bơ [milk]']])(
  'of a menu with "%s" nothing is published: it ends with 2 and says how to write it',
  async (dish) => {
    const { exit, err } = await far.run('menu', 'publish', '--dish', 'Cơm: gạo', '--dish', dish);
    expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining('Write it like "Thịt kho trứng: thịt lợn, trứng gà [eggs]') });
    expect(far.asked).toEqual([]);
  },
);

test('a menu without a dish is wrong usage', async () => {
  expect(await far.run('menu', 'publish')).toMatchObject({ exit: 2, err: expect.stringContaining('--dish') });
});
