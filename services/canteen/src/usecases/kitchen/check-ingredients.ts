import { err, ok, type Result } from '@schoolbell/kernel';
import type { IngredientCheck, Said } from '../../domain/kitchen/food-check.ts';
import type { ServingUnknown } from '../../domain/kitchen/serving.ts';
import { checkIngredients as check, type RecordRefused } from '../../domain/kitchen/serving-record.ts';
import { ingredientsChecked } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

export interface IngredientsOrder {
  readonly servingId: string;
  readonly said: readonly Said<IngredientCheck>[];
  readonly by: string;
}

/** rpc CheckIngredients: step 1 of kiểm thực. Answers the records of this order, also where they were there before. */
export async function checkIngredients(
  tx: CanteenTx,
  { servingId, said, by }: IngredientsOrder,
): Promise<Result<IngredientCheck[], RecordRefused | ServingUnknown>> {
  const record = await tx.foodRecords.open(servingId);
  if (!record) return err({ code: 'SERVING_UNKNOWN', servingId });
  const ids = said.map(({ id }) => id);
  const elsewhere = await tx.foodChecks.usedElsewhere(ids, servingId);
  if (elsewhere !== undefined) return err({ code: 'ID_REUSED', id: elsewhere });
  const checked = check(record, said, { now: tx.now, by });
  if (!checked.ok) return checked;

  const { added } = checked.value;
  if (added.length > 0) {
    tx.foodChecks.addIngredients(added);
    tx.servings.touch(record.serving);
    tx.emit(ingredientsChecked(record.serving, added));
  }
  return ok(checked.value.record.ingredients.filter(({ id }) => ids.includes(id)));
}
