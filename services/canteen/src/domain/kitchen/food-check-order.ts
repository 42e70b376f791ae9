import { err, ok, type Result } from '@schoolbell/kernel';
import {
  type CookingCheck,
  current,
  currentFor,
  dishPassed,
  type IngredientCheck,
  ingredientPassed,
  type PortioningCheck,
  type Recorded,
} from './food-check.ts';
import type { Sample } from './sample.ts';
import { dishNameOf, dishOf, type Serving } from './serving.ts';

/** Everything that is on record of one meal: what is served, and every record of it, also those that were corrected since. */
export type KitchenRecord = {
  readonly serving: Serving;
  readonly ingredients: readonly IngredientCheck[];
  readonly cookings: readonly CookingCheck[];
  readonly portionings: readonly PortioningCheck[];
  readonly samples: readonly Sample[];
};

export type OrderRefused =
  | { readonly code: 'INGREDIENT_UNKNOWN'; readonly dish: string; readonly id: string }
  | {
      readonly code: 'PREPARED_BEFORE_RECEIVED';
      readonly dish: string;
      readonly food: string;
      readonly preparedAt: Date;
      readonly receivedAt: Date;
    }
  | { readonly code: 'COOKED_BEFORE_PREPARED'; readonly dish: string; readonly cookedAt: Date; readonly preparedAt: Date }
  | { readonly code: 'PORTIONED_BEFORE_COOKED'; readonly dish: string; readonly portionedAt: Date; readonly cookedAt: Date }
  | { readonly code: 'EATEN_BEFORE_PORTIONED'; readonly dish: string; readonly eatingAt: Date; readonly portionedAt: Date }
  | { readonly code: 'NOT_COOKED_YET'; readonly dish: string }
  | { readonly code: 'SAMPLED_BEFORE_COOKED'; readonly dish: string; readonly takenAt: Date; readonly cookedAt: Date }
  | { readonly code: 'SAMPLED_AFTER_EATING'; readonly dish: string; readonly takenAt: Date; readonly eatingAt: Date };

/**
 * Whether all current records could have happened in this order. Each new record makes it judge the whole meal, so a correction cannot make
 * the book impossible either; two wrong times are corrected one after the other, the one that makes room first. It judges dishes that are
 * on the meal, and foods that passed and that they are made of: what came in for a dish that was spoilt, taken off or cooked again must not
 * keep an honest kitchen from recording the rest. A failed portioning is judged when it is recorded, as one of `added`, and not against the
 * dish that is cooked in its place.
 */
export function possibleOrder(record: KitchenRecord, added: readonly Recorded[] = []): Result<void, OrderRefused> {
  const isOn = ({ dishId }: { readonly dishId: string }) => dishOf(record.serving, dishId) !== undefined;
  for (const cooking of current(record.cookings).filter(isOn)) {
    const refused = cookingProblem(record, cooking);
    if (refused) return err(refused);
  }
  const isNew = ({ id }: Recorded) => added.some((one) => one.id === id);
  for (const portioning of current(record.portionings).filter((one) => isOn(one) && (dishPassed(one) || isNew(one)))) {
    const refused = portioningProblem(record, portioning);
    if (refused) return err(refused);
  }
  for (const sample of current(record.samples).filter(isOn)) {
    const refused = sampleProblem(record, sample);
    if (refused) return err(refused);
  }
  return ok(undefined);
}

function cookingProblem({ serving, ingredients }: KitchenRecord, cooking: CookingCheck): OrderRefused | undefined {
  const { dishId, ingredientIds, preparedAt, cookedAt } = cooking;
  const dish = dishNameOf(serving, dishId);
  for (const id of ingredientIds) {
    const ingredient = currentFor(ingredients, id);
    if (!ingredient) return { code: 'INGREDIENT_UNKNOWN', dish, id };
    const { food, receivedAt } = ingredient;
    if (ingredientPassed(ingredient) && preparedAt < receivedAt)
      return { code: 'PREPARED_BEFORE_RECEIVED', dish, food, preparedAt, receivedAt };
  }
  return cookedAt < preparedAt ? { code: 'COOKED_BEFORE_PREPARED', dish, cookedAt, preparedAt } : undefined;
}

function portioningProblem({ serving, cookings }: KitchenRecord, portioning: PortioningCheck): OrderRefused | undefined {
  const { dishId, portionedAt, eatingAt } = portioning;
  const dish = dishNameOf(serving, dishId);
  const cooking = ofDish(cookings, dishId);
  if (!cooking) return { code: 'NOT_COOKED_YET', dish };
  const { cookedAt } = cooking;
  if (portionedAt < cookedAt) return { code: 'PORTIONED_BEFORE_COOKED', dish, portionedAt, cookedAt };
  return eatingAt < portionedAt ? { code: 'EATEN_BEFORE_PORTIONED', dish, eatingAt, portionedAt } : undefined;
}

function sampleProblem({ serving, cookings, portionings }: KitchenRecord, { dishId, takenAt }: Sample): OrderRefused | undefined {
  const dish = dishNameOf(serving, dishId);
  const cooking = ofDish(cookings, dishId);
  if (!cooking) return { code: 'NOT_COOKED_YET', dish };
  const { cookedAt } = cooking;
  if (takenAt < cookedAt) return { code: 'SAMPLED_BEFORE_COOKED', dish, takenAt, cookedAt };
  const eatingAt = ofDish(portionings, dishId)?.eatingAt;
  return eatingAt && takenAt >= eatingAt ? { code: 'SAMPLED_AFTER_EATING', dish, takenAt, eatingAt } : undefined;
}

/** The first food of a dish that is not fit to be cooked with, by the current records. */
export function failedFood({ ingredients }: KitchenRecord, { ingredientIds }: Pick<CookingCheck, 'ingredientIds'>): string | undefined {
  const used = ingredientIds.flatMap((id) => currentFor(ingredients, id) ?? []);
  return used.find((ingredient) => !ingredientPassed(ingredient))?.food;
}

/** The current record of a dish in one of the lists. */
export function ofDish<R extends CookingCheck | PortioningCheck | Sample>(records: readonly R[], dishId: string): R | undefined {
  return current(records).find((record) => record.dishId === dishId);
}
