import type { Ingredient, Menu } from '../meals/menu.ts';
import type { ServedDish, Serving } from './serving.ts';

/** How the served dishes differ from the newest menu, which parents see; dishes by name. */
export type MenuDifference = {
  readonly version: number;
  readonly publishedAt: Date;
  readonly notServed: readonly string[];
  readonly notOnMenu: readonly string[];
  readonly otherIngredients: readonly string[];
};

export type Served = {
  /** Undefined while the meal is not planned and has no menu. */
  readonly dishes: readonly ServedDish[] | undefined;
  readonly difference: MenuDifference | undefined;
};

/**
 * The one list of dishes that the kitchen checks for allergies, cooks and opens: that of the serving once the meal is planned, whatever is
 * published after it; before that the menu's.
 */
export function whatIsServed(serving: Pick<Serving, 'dishes'> | undefined, menu: Menu | undefined): Served {
  if (serving) return { dishes: serving.dishes, difference: menu && differenceFrom(menu, serving.dishes) };
  return { dishes: menu?.dishes.map((dish) => ({ id: '', ...dish })), difference: undefined };
}

function differenceFrom({ version, publishedAt, dishes: published }: Menu, served: readonly ServedDish[]): MenuDifference | undefined {
  const onMenu = new Map(published.map((dish) => [dish.name, dish]));
  const notServed = published.flatMap(({ name }) => (served.some((dish) => dish.name === name) ? [] : [name]));
  const notOnMenu = served.flatMap(({ name }) => (onMenu.has(name) ? [] : [name]));
  const otherIngredients = served.flatMap(({ name, ingredients }) => {
    const dish = onMenu.get(name);
    return dish && textOf(dish.ingredients) !== textOf(ingredients) ? [name] : [];
  });
  if (notServed.length + notOnMenu.length + otherIngredients.length === 0) return undefined;
  return { version, publishedAt, notServed, notOnMenu, otherIngredients };
}

function textOf(ingredients: readonly Ingredient[]): string {
  return JSON.stringify(ingredients.map(({ name, allergens }) => [name, ...allergens.toSorted()]).sort());
}
