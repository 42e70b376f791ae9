import { expect, test } from 'vitest';
import { at, lunch } from '../../../test/facts.ts';
import { contentsOf, type MenuWish, publish } from './menu.ts';

const eggs = { name: 'Trứng gà', allergens: ['EGGS' as const] };
const fishSauce = { name: 'Nước mắm', allergens: ['FISH' as const] };
const menu = (facts: Partial<MenuWish> = {}): MenuWish => ({
  ...{ id: 'menu', ...lunch(), dishes: [{ name: 'Thịt kho trứng', ingredients: [{ name: 'Thịt lợn', allergens: [] }, eggs, fishSauce] }] },
  ...facts,
});
const first = { earlier: undefined, newest: undefined, now: at('06:00') };

test('a menu that is published again is the next version', () => {
  const published = publish(menu(), first);
  if (!published.ok) throw new Error(published.refusal.code);
  expect(published.value.version).toBe(1);
  expect(publish(menu({ id: 'next' }), { ...first, newest: published.value })).toMatchObject({ value: { version: 2 } });
  expect(publish(menu(), { ...first, earlier: published.value, newest: published.value })).toEqual(published);
  expect(publish(menu({ dishes: [{ name: 'Phở', ingredients: [eggs] }] }), { ...first, earlier: published.value })).toMatchObject({
    refusal: { code: 'ID_REUSED' },
  });
});

test('a dish without ingredients and a dish named twice are refused', () => {
  const soup = { name: 'Canh rau', ingredients: [] };
  expect(publish(menu({ dishes: [soup] }), first)).toMatchObject({ refusal: { code: 'DISH_WITHOUT_INGREDIENTS', dish: 'Canh rau' } });
  const twice = { name: 'Canh rau', ingredients: [fishSauce] };
  expect(publish(menu({ dishes: [twice, twice] }), first)).toMatchObject({ refusal: { code: 'NAMED_TWICE', what: 'Canh rau' } });
});

test('a dish holds what any of its ingredients holds; one without ingredients may hold anything', () => {
  expect(contentsOf([...menu().dishes, { name: 'Tôm rim', ingredients: [] }])).toEqual([
    { name: 'Thịt kho trứng', allergens: ['EGGS', 'FISH'] },
    { name: 'Tôm rim', allergens: undefined },
  ]);
});
