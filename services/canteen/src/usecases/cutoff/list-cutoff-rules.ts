import type { CutoffRule } from '../../domain/cutoff.ts';
import type { LaidDown } from '../../domain/dated.ts';
import type { Meal } from '../../domain/meal.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc ListCutoffRules */
export function listCutoffRules(tx: CanteenTx, meal: Meal): Promise<LaidDown<CutoffRule>[]> {
  return tx.rules.ofMeals([meal]);
}
