import type { LaidDown } from '../../domain/dated.ts';
import type { Meal } from '../../domain/meals/meal.ts';
import type { MealPrice } from '../../domain/meals/price.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc ListMealPrices */
export function listMealPrices(tx: CanteenTx, meal: Meal): Promise<LaidDown<MealPrice>[]> {
  return tx.prices.ofMeals([meal]);
}
