import { Allergen } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { expect, test } from 'vitest';
import { readCookedDish, readDish } from './dish-text.ts';

const { PEANUTS, EGGS, FISH, MILK, GLUTEN } = Allergen;

test.each([
  ['Cơm: gạo', 'Cơm', [['gạo', []]]],
  [
    'Xôi: lạc [peanuts] , gạo nếp',
    'Xôi',
    [
      ['lạc', [PEANUTS]],
      ['gạo nếp', []],
    ],
  ],
  [
    ' Thịt kho trứng :thịt lợn,trứng gà[eggs],nước mắm [ fish ] ',
    'Thịt kho trứng',
    [
      ['thịt lợn', []],
      ['trứng gà', [EGGS]],
      ['nước mắm', [FISH]],
    ],
  ],
  ['Bánh flan: trứng sữa [eggs, MILK,eggs]', 'Bánh flan', [['trứng sữa', [EGGS, MILK]]]],
  [
    'Gà rang gừng, sả: gà (ta), mì [gluten]',
    'Gà rang gừng, sả',
    [
      ['gà (ta)', []],
      ['mì', [GLUTEN]],
    ],
  ],
])('"%s" is read whole, with every allergen', (text, name, ingredients) => {
  expect(readDish(text)).toEqual({ name, ingredients: ingredients.map(([each, allergens]) => ({ name: each, allergens })) });
});

test.each([
  ['Xôi: lạc [peanuts] rang, gạo nếp', '"rang" stands behind the allergens of "lạc"'],
  ['Xôi: trứng gà [eggs, thịt', '"[" that is not closed'],
  ['Xôi: trứng gà [eggs, thịt [fish]', '"[" inside of brackets'],
  ['Xôi: sữa [milk] ; bơ [milk]', '";" in "Xôi" means nothing here'],
  ['Xôi: sữa [milk][eggs]', '"[eggs]" stands behind the allergens of "sữa"'],
  ['Xôi: sữa milk]', '"]" without a "["'],
  ['Xôi: sữa []', 'lack an allergen'],
  ['Xôi: sữa [milk,]', 'lack an allergen'],
  ['Xôi: sữa [lactose]', '"lactose" is none of'],
  ['Xôi: sữa [milk eggs]', '"milk eggs" is none of'],
  ['Xôi: [milk]', '"[milk]" needs the ingredient'],
  ['Xôi: gạo,, lạc [peanuts]', 'An ingredient is missing'],
  ['Xôi: gạo,', 'An ingredient is missing'],
  ['Xôi:', 'An ingredient is missing'],
  ['Xôi: lạc (peanuts)', 'write "[peanuts]"'],
  ['Xôi: lạc (rang/Peanuts)', 'write "[Peanuts]"'],
  ['Xôi: lạc {peanuts}', '"{" in "Xôi" means nothing here'],
  ['Xôi: lạc ［peanuts］', '"［" in "Xôi" means nothing here'],
  ['Xôi: gạo、lạc', '"、" in "Xôi" means nothing here'],
  ['Xôi: gạo: nếp', 'a second colon'],
  ['Xôi lạc [peanuts]: gạo', 'Allergens stand behind an ingredient'],
  ['Xôi lạc [peanuts]', 'needs a name, a colon and its ingredients'],
  [': gạo', 'needs a name, a colon and its ingredients'],
  ['', 'needs a name, a colon and its ingredients'],
])('"%s" is refused with what to write, since an allergen could be lost', (text, words) => {
  expect(() => readDish(text)).toThrow(words);
});

test('what is cooked says what it holds, or that nobody knows it: a bare name is asked back', () => {
  expect(readCookedDish('Trứng chiên: trứng gà [eggs]')).toEqual(readDish('Trứng chiên: trứng gà [eggs]'));
  expect(readCookedDish('Trứng chiên : ?')).toEqual({ name: 'Trứng chiên', ingredients: [] });
  expect(() => readCookedDish('Trứng chiên')).toThrow('"Trứng chiên: ?" where nobody knows');
  expect(() => readCookedDish('Trứng chiên: trứng gà [eggs')).toThrow('not closed');
  expect(() => readCookedDish('Trứng [eggs]: ?')).toThrow('after the colon');
  expect(() => readCookedDish(': ?')).toThrow('needs a name');
});
