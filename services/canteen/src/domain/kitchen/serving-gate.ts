import { err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { current, dishPassed, ingredientPassed } from './food-check.ts';
import { failedFood, type KitchenRecord, type OrderRefused, ofDish, possibleOrder } from './food-check-order.ts';
import type { FoodRules } from './food-check-rules.ts';
import type { ServedDish, Serving } from './serving.ts';

/** What must still be recorded before the meal may be served. */
export type Missing =
  | { readonly what: 'INGREDIENTS' }
  | {
      readonly what: 'COOKING' | 'PORTIONING' | 'SAMPLE' | 'PASSED_COOKING' | 'PASSED_PORTIONING' | 'PASSED_INGREDIENTS';
      readonly dish: ServedDish;
    };

export type OpenRefused =
  | OrderRefused
  | { readonly code: 'SERVING_NOT_READY'; readonly missing: readonly Missing[] }
  | { readonly code: 'NOT_THE_DAY'; readonly date: SchoolDate };

/** Everything that must still be recorded, in the order of the day. `counted` is how many portions the kitchen counts now. */
export function missingFor(record: KitchenRecord, { rules, counted }: { readonly rules: FoodRules; readonly counted: number }): Missing[] {
  const { serving, ingredients, cookings, portionings, samples } = record;
  const missing: Missing[] = current(ingredients).some(ingredientPassed) ? [] : [{ what: 'INGREDIENTS' }];
  const portionsOf = (dishId: string) => Math.max(serving.portions, counted, ofDish(cookings, dishId)?.portions ?? 0);
  for (const dish of serving.dishes) {
    const [cooking, portioning] = [ofDish(cookings, dish.id), ofDish(portionings, dish.id)];
    if (!cooking) missing.push({ what: 'COOKING', dish });
    else if (!dishPassed(cooking)) missing.push({ what: 'PASSED_COOKING', dish });
    if (cooking && failedFood(record, cooking)) missing.push({ what: 'PASSED_INGREDIENTS', dish });
    if (!portioning) missing.push({ what: 'PORTIONING', dish });
    else if (!dishPassed(portioning)) missing.push({ what: 'PASSED_PORTIONING', dish });
    const needsSample = portionsOf(dish.id) >= rules.samplesFromPortions;
    if (needsSample && !ofDish(samples, dish.id)) missing.push({ what: 'SAMPLE', dish });
  }
  return missing;
}

type Opening = { readonly rules: FoodRules; readonly counted: number; readonly now: Date; readonly by: string };

/** Opens the meal for serving. Nobody can open it while something is missing. */
export function openServing(record: KitchenRecord, { now, by, ...counting }: Opening): Result<Serving, OpenRefused> {
  const { serving } = record;
  if (serving.status === 'OPEN') return ok(serving);
  if (schoolDateOf(now) !== serving.date) return err({ code: 'NOT_THE_DAY', date: serving.date });
  const missing = missingFor(record, counting);
  if (missing.length > 0) return err({ code: 'SERVING_NOT_READY', missing });
  // A dish that was off the meal while a record was corrected has to be judged again.
  const possible = possibleOrder(record);
  if (!possible.ok) return possible;
  return ok({ ...serving, status: 'OPEN', openedAt: now, openedBy: by, version: serving.version + 1 });
}
