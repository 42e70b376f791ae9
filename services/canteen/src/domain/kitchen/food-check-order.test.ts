import { expect, test } from 'vitest';
import { at } from '../../../test/facts.ts';
import { fish, fullRecord, soup } from '../../../test/kitchen-facts.ts';
import { failedFood, type KitchenRecord, ofDish, possibleOrder } from './food-check-order.ts';

const full = fullRecord();
const code = (record: KitchenRecord) => {
  const possible = possibleOrder(record);
  return possible.ok ? 'possible' : possible.refusal.code;
};
const withFirst = <K extends 'ingredients' | 'cookings' | 'portionings' | 'samples'>(list: K, facts: Partial<KitchenRecord[K][number]>) => {
  const [first, ...rest] = full[list];
  return { ...full, [list]: [{ ...first, ...facts }, ...rest] } as KitchenRecord;
};

test.each([
  ['as it should be', full, 'possible'],
  ['cooked the minute it was prepared', withFirst('cookings', { preparedAt: at('09:45') }), 'possible'],
  ['prepared before the fish came', withFirst('ingredients', { receivedAt: at('07:31') }), 'PREPARED_BEFORE_RECEIVED'],
  ['cooked before it was prepared', withFirst('cookings', { cookedAt: at('07:29') }), 'COOKED_BEFORE_PREPARED'],
  ['portioned before it was cooked', withFirst('portionings', { portionedAt: at('09:44') }), 'PORTIONED_BEFORE_COOKED'],
  ['eaten before it was portioned', withFirst('portionings', { eatingAt: at('10:39') }), 'EATEN_BEFORE_PORTIONED'],
  ['sampled before it was cooked', withFirst('samples', { takenAt: at('09:44') }), 'SAMPLED_BEFORE_COOKED'],
  ['sampled when eating began', withFirst('samples', { takenAt: at('11:00') }), 'SAMPLED_AFTER_EATING'],
  ['sampled a minute before', withFirst('samples', { takenAt: at('10:59') }), 'possible'],
  ['made of a food that nobody knows', withFirst('cookings', { ingredientIds: ['x'] }), 'INGREDIENT_UNKNOWN'],
  ['made of a food that was found bad afterwards', withFirst('ingredients', { sensory: 'FAILED' }), 'possible'],
  ['portioned and never cooked', { ...full, cookings: [] }, 'NOT_COOKED_YET'],
  ['sampled and never cooked', { ...full, cookings: [], portionings: [] }, 'NOT_COOKED_YET'],
])('%s', (_, record, wanted) => {
  expect(code(record)).toBe(wanted);
});

test('food that comes for a dish that is cooked again, or for none, keeps no other dish back', () => {
  const [came] = full.ingredients;
  const late = { ...came!, id: 'late', receivedAt: at('10:00') };
  expect(code({ ...full, ingredients: [...full.ingredients, late] })).toBe('possible');
  expect(code({ ...full, ingredients: [...full.ingredients, { ...late, sensory: 'FAILED' }] })).toBe('possible');
});

test('a dish that is off the meal is judged no more; one that is back is', () => {
  const impossible = withFirst('cookings', { cookedAt: at('07:00') });
  const without = { ...impossible, serving: { ...impossible.serving, dishes: [soup] } };
  expect([code(without), code(impossible)]).toEqual(['possible', 'COOKED_BEFORE_PREPARED']);
});

test('a food that failed is found in the dish that is made of it, by the current records', () => {
  const [came] = full.ingredients;
  const bad = { ...came!, id: 'bad', replaces: came!.id, sensory: 'FAILED' as const };
  expect(failedFood({ ...full, ingredients: [...full.ingredients, bad] }, full.cookings[0]!)).toBe('Cá thu tươi');
  expect(failedFood(full, full.cookings[0]!)).toBeUndefined();
});

test('a record that was corrected is judged no more, and the dish is judged by the current one', () => {
  const [first] = full.cookings;
  const wrong = { ...first!, id: 'wrong', cookedAt: at('07:00') };
  const right = { ...first!, replaces: 'wrong' };
  const record = { ...full, cookings: [wrong, right, ...full.cookings.slice(1)] };
  expect(code(record)).toBe('possible');
  expect(ofDish(record.cookings, fish.id)?.id).toBe(right.id);
  expect(ofDish(record.cookings, soup.id)?.dishId).toBe(soup.id);
});
