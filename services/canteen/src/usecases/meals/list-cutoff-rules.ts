import type { LaidDown } from '../../domain/dated.ts';
import type { CutoffRule } from '../../domain/meals/cutoff.ts';
import type { Meal } from '../../domain/meals/meal.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc ListCutoffRules */
export function listCutoffRules(tx: CanteenTx, meal: Meal): Promise<LaidDown<CutoffRule>[]> {
  return tx.rules.ofMeals([meal]);
}
