import { err, ok, type Result } from '@schoolbell/kernel';
import type { Allergen } from './diet.ts';
import type { MealOfDay } from './meal.ts';

export type Ingredient = { readonly name: string; readonly allergens: readonly Allergen[] };
export type Dish = { readonly name: string; readonly ingredients: readonly Ingredient[] };
/** What there is to eat, as it is wanted. */
export type MenuWish = MealOfDay & { readonly id: string; readonly dishes: readonly Dish[] };
/** One version of a menu; of one day and meal the highest counts. */
export type Menu = MenuWish & { readonly version: number; readonly publishedAt: Date };

export type MenuRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'DISH_WITHOUT_INGREDIENTS'; readonly dish: string }
  | { readonly code: 'NAMED_TWICE'; readonly what: string };

/** `earlier` has this id; `newest` is of this day and meal. */
export function publish(
  wanted: MenuWish,
  { earlier, newest, now }: { readonly earlier: Menu | undefined; readonly newest: Menu | undefined; readonly now: Date },
): Result<Menu, MenuRefused> {
  if (earlier) return contentOf(earlier) === contentOf(wanted) ? ok(earlier) : err({ code: 'ID_REUSED', id: wanted.id });
  const empty = wanted.dishes.find(({ ingredients }) => ingredients.length === 0);
  if (empty) return err({ code: 'DISH_WITHOUT_INGREDIENTS', dish: empty.name });
  const names = wanted.dishes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return err({ code: 'NAMED_TWICE', what: twice });
  return ok({ ...wanted, version: (newest?.version ?? 0) + 1, publishedAt: now });
}

/** What a dish holds, whichever ingredient brings it; undefined where nobody knows. */
export type DishContent = { readonly name: string; readonly allergens: readonly Allergen[] | undefined };

/** A dish of which no ingredient is named may hold anything. */
export function contentsOf(dishes: readonly Dish[]): DishContent[] {
  return dishes.map(({ name, ingredients }) => {
    const allergens = ingredients.length === 0 ? undefined : [...new Set(ingredients.flatMap((each) => each.allergens))];
    return { name, allergens };
  });
}

function contentOf({ date, meal, dishes }: MenuWish): string {
  return JSON.stringify([
    date,
    meal,
    dishes.map(({ name, ingredients }) => [name, ingredients.map((one) => [one.name, ...one.allergens])]),
  ]);
}
