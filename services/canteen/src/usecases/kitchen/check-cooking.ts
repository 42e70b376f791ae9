import { err, ok, type Result } from '@schoolbell/kernel';
import type { CookingCheck, NewRecord } from '../../domain/kitchen/food-check.ts';
import type { ServingUnknown } from '../../domain/kitchen/serving.ts';
import { checkCooking as check, type RecordRefused } from '../../domain/kitchen/serving-record.ts';
import { dishCooked } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc CheckCooking: step 2 of kiểm thực. */
export async function checkCooking(
  tx: CanteenTx,
  { input, by }: { readonly input: NewRecord<CookingCheck>; readonly by: string },
): Promise<Result<CookingCheck, RecordRefused | ServingUnknown>> {
  const { id, servingId } = input;
  const record = await tx.foodRecords.open(servingId);
  if (!record) return err({ code: 'SERVING_UNKNOWN', servingId });
  if ((await tx.foodChecks.usedElsewhere([id], servingId)) !== undefined) return err({ code: 'ID_REUSED', id });
  const checked = check(record, input, { now: tx.now, by });
  if (!checked.ok) return checked;

  const { added } = checked.value;
  const [kept = record.cookings.find((one) => one.id === id)] = added;
  if (!kept) throw new Error('A record that was sent before must be there');
  if (added.length > 0) {
    tx.foodChecks.addCookings(added);
    tx.servings.touch(record.serving);
    tx.emit(dishCooked(record.serving, kept));
  }
  return ok(kept);
}
