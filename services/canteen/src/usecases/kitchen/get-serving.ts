import { err, ok, type Result } from '@schoolbell/kernel';
import type { KitchenRecord } from '../../domain/kitchen/food-check-order.ts';
import { foodRulesOn } from '../../domain/kitchen/food-check-rules.ts';
import { type MenuDifference, whatIsServed } from '../../domain/kitchen/served-dishes.ts';
import type { NoServing, ServingUnknown } from '../../domain/kitchen/serving.ts';
import { type Missing, missingFor } from '../../domain/kitchen/serving-gate.ts';
import type { MealOfDay } from '../../domain/meals/meal.ts';
import type { CanteenTx } from '../../tx.ts';

export type ServingQuestion = { readonly servingId: string } | MealOfDay;
export type ServingFound = {
  readonly record: KitchenRecord;
  readonly missing: readonly Missing[];
  readonly difference: MenuDifference | undefined;
};

/** rpc GetServing: a meal with all its records, by its id or by day and meal. */
export async function getServing(tx: CanteenTx, question: ServingQuestion): Promise<Result<ServingFound, ServingUnknown | NoServing>> {
  const serving = 'servingId' in question ? await tx.servings.find(question.servingId) : await tx.servings.ofMeal(question);
  const [record] = serving ? await tx.foodRecords.gather([serving]) : [];
  if (!record)
    return err(
      'servingId' in question ? { code: 'SERVING_UNKNOWN', servingId: question.servingId } : { code: 'NO_SERVING', date: question.date },
    );
  const { date } = record.serving;
  const counted = (await tx.kitchenCounts.count(record.serving)).reduce((sum, { portions }) => sum + portions, 0);
  const { difference } = whatIsServed(record.serving, await tx.menus.newest(record.serving));
  return ok({ record, missing: missingFor(record, { rules: foodRulesOn(date), counted }), difference });
}
