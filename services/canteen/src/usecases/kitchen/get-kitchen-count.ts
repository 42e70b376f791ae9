import { inForce } from '../../domain/dated.ts';
import { type CarefulRow, carefulRows, type KitchenRow, kitchenRows, type LateRow, lateRows } from '../../domain/kitchen/kitchen-count.ts';
import { type Served, whatIsServed } from '../../domain/kitchen/served-dishes.ts';
import { cutoffAt } from '../../domain/meals/cutoff.ts';
import type { MealOfDay } from '../../domain/meals/meal.ts';
import { contentsOf } from '../../domain/meals/menu.ts';
import type { CanteenTx } from '../../tx.ts';

export interface KitchenCount extends MealOfDay {
  readonly rows: readonly KitchenRow[];
  readonly cutoffAt: Date | undefined;
  readonly lateChanges: readonly LateRow[];
  readonly careful: readonly CarefulRow[];
  readonly served: Served;
}

/** rpc GetKitchenCount: `withPupils` is false where the caller may see figures only. */
export async function getKitchenCount(
  tx: CanteenTx,
  { withPupils, ...mealOfDay }: MealOfDay & { readonly withPupils: boolean },
): Promise<KitchenCount> {
  const { counted, late, careful, rules, serving, menu } = await tx.kitchenCounts.gather(mealOfDay);
  const rule = inForce(rules, mealOfDay);
  const served = whatIsServed(serving, menu);
  return {
    ...mealOfDay,
    rows: kitchenRows(counted),
    cutoffAt: rule && cutoffAt(rule, mealOfDay.date),
    lateChanges: withPupils ? lateRows(late) : [],
    careful: withPupils ? carefulRows(careful, served.dishes && contentsOf(served.dishes)) : [],
    served,
  };
}
