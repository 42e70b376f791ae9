import { addDays, err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import { type CarefulRow, carefulRows, type KitchenRow, kitchenRows, type LateRow, lateRows } from '../../domain/kitchen/kitchen-count.ts';
import { type Served, whatIsServed } from '../../domain/kitchen/served-dishes.ts';
import type { Meal, MealOfDay } from '../../domain/meals/meal.ts';
import { contentsOf } from '../../domain/meals/menu.ts';
import type { CanteenTx } from '../../tx.ts';

export interface PortionSpan {
  readonly from: SchoolDate;
  readonly until: SchoolDate;
  readonly meal: Meal | undefined;
}

export type MealPortions = MealOfDay & {
  readonly served: Served;
  readonly rows: readonly KitchenRow[];
  readonly lateChanges: readonly LateRow[];
  readonly careful: readonly CarefulRow[];
};

/** `school` is empty until registry has announced the name. */
export type PortionsFound = { readonly school: string; readonly meals: readonly MealPortions[] };

export type PortionsRefused =
  | { readonly code: 'BOOK_ENDS_TOO_EARLY'; readonly from: SchoolDate }
  | { readonly code: 'BOOK_SPAN_TOO_LONG'; readonly mostDays: number }
  | { readonly code: 'BOOK_EMPTY'; readonly from: SchoolDate; readonly until: SchoolDate };

const mostDays = 7;
const meals: readonly Meal[] = ['BREAKFAST', 'LUNCH', 'SNACK'];

/** rpc PrintBook, before it prints the kitchen's sheet: portions of each class and diet, and the pupils who get something else. */
export async function readPortions(tx: CanteenTx, { from, until, meal }: PortionSpan): Promise<Result<PortionsFound, PortionsRefused>> {
  if (until < from) return err({ code: 'BOOK_ENDS_TOO_EARLY', from });
  if (until >= addDays(from, mostDays)) return err({ code: 'BOOK_SPAN_TOO_LONG', mostDays });
  const found: MealPortions[] = [];
  for (let date = from; date <= until; date = addDays(date, 1)) {
    for (const one of meal ? [meal] : meals) {
      const portions = await portionsOf(tx, { date, meal: one });
      if (portions.rows.length > 0) found.push(portions);
    }
  }
  if (found.length === 0) return err({ code: 'BOOK_EMPTY', from, until });
  return ok({ school: (await tx.schools.name()) ?? '', meals: found });
}

async function portionsOf(tx: CanteenTx, meal: MealOfDay): Promise<MealPortions> {
  const { counted, late, careful, serving, menu } = await tx.kitchenCounts.gather(meal);
  const served = whatIsServed(serving, menu);
  return {
    ...meal,
    served,
    rows: kitchenRows(counted),
    lateChanges: lateRows(late),
    careful: carefulRows(careful, served.dishes && contentsOf(served.dishes)),
  };
}
