import { err, ok, type Result } from '@schoolbell/kernel';
import type { IngredientCheck, NewRecord } from '../../domain/kitchen/food-check.ts';
import type { ServingUnknown } from '../../domain/kitchen/serving.ts';
import { checkIngredients as check, type RecordRefused } from '../../domain/kitchen/serving-record.ts';
import { ingredientsChecked } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

export interface IngredientsOrder {
  readonly servingId: string;
  readonly input: readonly NewRecord<IngredientCheck>[];
  readonly by: string;
}

/** rpc CheckIngredients: step 1 of kiểm thực. Answers with the records of this request, also where it was sent before. */
export async function checkIngredients(
  tx: CanteenTx,
  { servingId, input, by }: IngredientsOrder,
): Promise<Result<IngredientCheck[], RecordRefused | ServingUnknown>> {
  const record = await tx.foodRecords.open(servingId);
  if (!record) return err({ code: 'SERVING_UNKNOWN', servingId });
  const ids = input.map(({ id }) => id);
  const elsewhere = await tx.foodChecks.usedElsewhere(ids, servingId);
  if (elsewhere !== undefined) return err({ code: 'ID_REUSED', id: elsewhere });
  const checked = check(record, input, { now: tx.now, by });
  if (!checked.ok) return checked;

  const { added } = checked.value;
  if (added.length > 0) {
    tx.foodChecks.addIngredients(added);
    tx.servings.touch(record.serving);
    tx.emit(ingredientsChecked(record.serving, added));
  }
  return ok(checked.value.record.ingredients.filter(({ id }) => ids.includes(id)));
}
