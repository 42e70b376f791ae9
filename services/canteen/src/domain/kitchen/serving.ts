import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import type { Meal } from '../meals/meal.ts';
import type { Ingredient } from '../meals/menu.ts';
import type { Hold, Sample } from './sample.ts';

/** A dish without ingredients may contain anything, so the kitchen takes care of every pupil who avoids something. */
export type ServedDish = { readonly id: string; readonly name: string; readonly ingredients: readonly Ingredient[] };

/** One meal of one day of the school, as the kitchen serves it. */
export type Serving = {
  readonly id: string;
  readonly date: SchoolDate;
  readonly meal: Meal;
  readonly dishes: readonly ServedDish[];
  /** Portions as they were planned from the kitchen's count. */
  readonly portions: number;
  readonly plannedAt: Date;
  readonly plannedBy: string;
  readonly holds: readonly Hold[];
  readonly changes: readonly DishChange[];
  readonly version: number;
} & ServingState;

export type ServingState =
  | { readonly status: 'PREPARING' }
  | { readonly status: 'OPEN'; readonly openedAt: Date; readonly openedBy: string };

/** Dishes that came onto the meal, or off it, after it was planned. */
export type DishChange = {
  readonly id: string;
  readonly added: readonly ServedDish[];
  readonly takenOff: readonly ServedDish[];
  readonly reason: string;
  readonly changedAt: Date;
  readonly changedBy: string;
};

export type ServingPlan = {
  readonly id: string;
  readonly date: SchoolDate;
  readonly meal: Meal;
  readonly dishes: readonly ServedDish[];
  readonly portions: number;
};

export type ListedSample = { readonly sample: Sample; readonly serving: Serving };

export type ServingUnknown = { readonly code: 'SERVING_UNKNOWN'; readonly servingId: string };
export type NoServing = { readonly code: 'NO_SERVING'; readonly date: SchoolDate };

export type PlanRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'SERVING_EXISTS'; readonly servingId: string; readonly date: SchoolDate }
  | { readonly code: 'MENU_PUBLISHED'; readonly date: SchoolDate }
  | { readonly code: 'NO_DISHES'; readonly date: SchoolDate }
  | { readonly code: 'NO_PORTIONS'; readonly date: SchoolDate }
  | { readonly code: 'DISH_TWICE'; readonly dish: string };

type Planning = { readonly now: Date; readonly by: string };

type PlanContext = {
  /** The serving with the same id. */
  readonly earlier: Serving | undefined;
  /** The one for the same meal of the same day. */
  readonly sameMeal: Serving | undefined;
  /** Dishes of the menu that is published for it; none while there is no menu. */
  readonly menu: readonly ServedDish[];
};

/** A published menu is what is cooked: where there is one, its dishes are served, and a change needs a reason. */
export function planServing(
  { earlier, sameMeal, menu }: PlanContext,
  plan: ServingPlan,
  { now, by }: Planning,
): Result<Serving, PlanRefused> {
  const { id, date } = plan;
  if (earlier) return earlier.date === date && earlier.meal === plan.meal ? ok(earlier) : err({ code: 'ID_REUSED', id });
  if (sameMeal) return err({ code: 'SERVING_EXISTS', servingId: sameMeal.id, date });
  if (menu.length > 0 && plan.dishes.length > 0) return err({ code: 'MENU_PUBLISHED', date });
  const dishes = menu.length > 0 ? menu : plan.dishes;
  if (dishes.length === 0) return err({ code: 'NO_DISHES', date });
  if (plan.portions === 0) return err({ code: 'NO_PORTIONS', date });
  const twice = repeated(dishes);
  if (twice) return err({ code: 'DISH_TWICE', dish: twice.name });
  return ok({ ...plan, dishes, plannedAt: now, plannedBy: by, holds: [], changes: [], version: 1, status: 'PREPARING' });
}

export type ChangeRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'DISH_TWICE'; readonly dish: string }
  | { readonly code: 'DISH_NOT_ON_MENU'; readonly dishId: string }
  | { readonly code: 'NO_DISHES'; readonly date: SchoolDate }
  | { readonly code: 'SERVING_OPEN'; readonly since: Date };

export type NewChange = {
  readonly id: string;
  readonly added: readonly ServedDish[];
  readonly takenOff: readonly string[];
  readonly reason: string;
};

/** Puts dishes on the meal or takes them off before it opens. What was recorded of a dish that is off stays in the books. */
export function changeDishes(serving: Serving, input: NewChange, { now, by }: Planning): Result<Serving, ChangeRefused> {
  const earlier = serving.changes.find(({ id }) => id === input.id);
  if (earlier) return isSame(earlier, input) ? ok(serving) : err({ code: 'ID_REUSED', id: input.id });
  if (serving.status === 'OPEN') return err({ code: 'SERVING_OPEN', since: serving.openedAt });
  const unknown = input.takenOff.find((dishId) => !dishOf(serving, dishId));
  if (unknown !== undefined) return err({ code: 'DISH_NOT_ON_MENU', dishId: unknown });
  const takenOff = serving.dishes.filter(({ id }) => input.takenOff.includes(id));
  const dishes = [...serving.dishes.filter((dish) => !takenOff.includes(dish)), ...input.added];
  const twice = repeated(dishes);
  if (twice) return err({ code: 'DISH_TWICE', dish: twice.name });
  if (dishes.length === 0) return err({ code: 'NO_DISHES', date: serving.date });
  const change = { id: input.id, added: input.added, takenOff, reason: input.reason, changedAt: now, changedBy: by };
  return ok({ ...serving, dishes, changes: [...serving.changes, change], version: serving.version + 1 });
}

export type HoldRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'HOLD_UNKNOWN'; readonly holdId: string }
  | { readonly code: 'HOLD_RELEASED'; readonly holdId: string; readonly document: string };

export function holdSamples(
  serving: Serving,
  { id, reason }: Pick<Hold, 'id' | 'reason'>,
  { now, by }: Planning,
): Result<Serving, HoldRefused> {
  const earlier = serving.holds.find((hold) => hold.id === id);
  if (earlier) return earlier.reason === reason ? ok(serving) : err({ code: 'ID_REUSED', id });
  const hold: Hold = { id, reason, heldAt: now, heldBy: by, release: undefined };
  return ok({ ...serving, holds: [...serving.holds, hold], version: serving.version + 1 });
}

type NewRelease = { readonly holdId: string; readonly document: string };

export function releaseSamples(serving: Serving, { holdId, document }: NewRelease, { now, by }: Planning): Result<Serving, HoldRefused> {
  const hold = serving.holds.find(({ id }) => id === holdId);
  if (!hold) return err({ code: 'HOLD_UNKNOWN', holdId });
  if (hold.release)
    return hold.release.document === document ? ok(serving) : err({ code: 'HOLD_RELEASED', holdId, document: hold.release.document });
  const released = { ...hold, release: { document, releasedAt: now, releasedBy: by } };
  return ok({ ...serving, holds: serving.holds.map((each) => (each === hold ? released : each)), version: serving.version + 1 });
}

export function dishOf({ dishes }: Pick<Serving, 'dishes'>, dishId: string): ServedDish | undefined {
  return dishes.find(({ id }) => id === dishId);
}

/** The name of a dish that is on the meal, or was. */
export function dishNameOf(serving: Serving, dishId: string): string {
  const known = [...serving.dishes, ...serving.changes.flatMap(({ takenOff }) => takenOff)];
  return known.find(({ id }) => id === dishId)?.name ?? dishId;
}

function repeated(dishes: readonly ServedDish[]): ServedDish | undefined {
  return dishes.find((dish, at) => dishes.some((other, before) => before < at && (other.id === dish.id || other.name === dish.name)));
}

function isSame(change: DishChange, { added, takenOff, reason }: NewChange): boolean {
  return (
    change.reason === reason &&
    change.takenOff.length === takenOff.length &&
    change.takenOff.every(({ id }) => takenOff.includes(id)) &&
    change.added.length === added.length &&
    JSON.stringify(change.added.map(wordsOf)) === JSON.stringify(added.map(wordsOf))
  );
}

function wordsOf({ id, name, ingredients }: ServedDish): unknown[] {
  return [id, name, ...ingredients.map((each) => [each.name, ...each.allergens])];
}
