import { err, ok, type Result } from '@schoolbell/kernel';
import { type CookingCheck, type IngredientCheck, ingredientPassed, type PortioningCheck, standing, standingFor } from './food-check.ts';
import type { Sample } from './sample.ts';
import { dishNameOf, dishOf, type Serving } from './serving.ts';

/** Everything that is known of one meal: what is served, and every record of it, also those that were put right since. */
export type KitchenRecord = {
  readonly serving: Serving;
  readonly ingredients: readonly IngredientCheck[];
  readonly cookings: readonly CookingCheck[];
  readonly portionings: readonly PortioningCheck[];
  readonly samples: readonly Sample[];
};

export type OrderRefused =
  | { readonly code: 'INGREDIENT_UNKNOWN'; readonly dish: string; readonly id: string }
  | { readonly code: 'INGREDIENT_FAILED'; readonly dish: string; readonly food: string }
  | {
      readonly code: 'PREPARED_BEFORE_RECEIVED';
      readonly dish: string;
      readonly food: string;
      readonly preparedAt: Date;
      readonly receivedAt: Date;
    }
  | { readonly code: 'COOKED_BEFORE_PREPARED'; readonly dish: string; readonly cookedAt: Date; readonly preparedAt: Date }
  | { readonly code: 'RECEIVED_AFTER_COOKING'; readonly food: string; readonly receivedAt: Date; readonly preparedAt: Date }
  | { readonly code: 'PORTIONED_BEFORE_COOKED'; readonly dish: string; readonly portionedAt: Date; readonly cookedAt: Date }
  | { readonly code: 'EATEN_BEFORE_PORTIONED'; readonly dish: string; readonly eatingAt: Date; readonly portionedAt: Date }
  | { readonly code: 'NOT_COOKED_YET'; readonly dish: string }
  | { readonly code: 'SAMPLED_BEFORE_COOKED'; readonly dish: string; readonly takenAt: Date; readonly cookedAt: Date }
  | { readonly code: 'SAMPLED_AFTER_EATING'; readonly dish: string; readonly takenAt: Date; readonly eatingAt: Date };

/**
 * Whether all that stands could have happened in this order. The whole meal is judged for each new record, so a correction can no more
 * make the book impossible than a first entry can; two wrong times are put right one after the other, the one that makes room first.
 */
export function possibleOrder(record: KitchenRecord): Result<void, OrderRefused> {
  for (const cooking of standing(record.cookings)) {
    const refused = cookingProblem(record, cooking);
    if (refused) return err(refused);
  }
  for (const portioning of standing(record.portionings)) {
    const refused = portioningProblem(record, portioning);
    if (refused) return err(refused);
  }
  for (const sample of standing(record.samples)) {
    const refused = sampleProblem(record, sample);
    if (refused) return err(refused);
  }
  const late = lateDelivery(record);
  return late ? err(late) : ok(undefined);
}

function cookingProblem({ serving, ingredients }: KitchenRecord, cooking: CookingCheck): OrderRefused | undefined {
  const { dishId, ingredientIds, preparedAt, cookedAt } = cooking;
  const dish = dishNameOf(serving, dishId);
  for (const id of ingredientIds) {
    const ingredient = standingFor(ingredients, id);
    if (!ingredient) return { code: 'INGREDIENT_UNKNOWN', dish, id };
    const { food, receivedAt } = ingredient;
    if (!ingredientPassed(ingredient)) return { code: 'INGREDIENT_FAILED', dish, food };
    if (preparedAt < receivedAt) return { code: 'PREPARED_BEFORE_RECEIVED', dish, food, preparedAt, receivedAt };
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

/** Once every dish is prepared, nothing that comes in can be in one of them. */
function lateDelivery({ serving, ingredients, cookings }: KitchenRecord): OrderRefused | undefined {
  const prepared = standing(cookings).filter(({ dishId }) => dishOf(serving, dishId));
  if (prepared.length < serving.dishes.length) return undefined;
  const preparedAt = new Date(Math.max(...prepared.map((cooking) => cooking.preparedAt.getTime())));
  const late = standing(ingredients).find(({ receivedAt }) => receivedAt > preparedAt);
  return late && { code: 'RECEIVED_AFTER_COOKING', food: late.food, receivedAt: late.receivedAt, preparedAt };
}

/** What stands of a dish in one of the lists. */
export function ofDish<R extends CookingCheck | PortioningCheck | Sample>(records: readonly R[], dishId: string): R | undefined {
  return standing(records).find((record) => record.dishId === dishId);
}
