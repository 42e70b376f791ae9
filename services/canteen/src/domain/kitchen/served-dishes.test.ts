import { expect, test } from 'vitest';
import { at, lunch } from '../../../test/facts.ts';
import { fish, serving, shrimp, soup } from '../../../test/kitchen-facts.ts';
import type { Menu } from '../meals/menu.ts';
import { whatIsServed } from './served-dishes.ts';
import type { ServedDish } from './serving.ts';

const menu = (...dishes: ServedDish[]): Menu => ({
  ...{ id: 'menu', ...lunch(), version: 2, publishedAt: at('06:00') },
  dishes: dishes.map(({ name, ingredients }) => ({ name, ingredients })),
});

test('before a meal is planned its menu counts, and without either nobody knows', () => {
  expect(whatIsServed(undefined, menu(fish))).toEqual({ dishes: [{ ...fish, id: '' }], difference: undefined });
  expect(whatIsServed(undefined, undefined)).toEqual({ dishes: undefined, difference: undefined });
});

test('once it is planned its own dishes count, whatever menu is published after', () => {
  expect(whatIsServed(serving(), menu(shrimp, soup))).toEqual({
    dishes: [fish, soup],
    difference: { version: 2, publishedAt: at('06:00'), notServed: [shrimp.name], notOnMenu: [fish.name], otherIngredients: [] },
  });
});

test('a dish of the same name that is made of something else is another one, and the order of words is not', () => {
  const withNuts = { ...soup, ingredients: [...soup.ingredients, { name: 'Lạc', allergens: ['PEANUTS' as const] }] };
  expect(whatIsServed(serving(), menu(fish, withNuts)).difference).toMatchObject({ notServed: [], otherIngredients: [soup.name] });
  expect(whatIsServed(serving(), menu(soup, { ...fish, ingredients: fish.ingredients.toReversed() })).difference).toBeUndefined();
  expect(whatIsServed(serving(), undefined).difference).toBeUndefined();
});
