import { err, type Result } from '@schoolbell/kernel';
import {
  type ChangeRefused,
  changeDishes as change,
  type NewChange,
  type Serving,
  type ServingUnknown,
} from '../../domain/kitchen/serving.ts';
import { servingChanged } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc ChangeDishes */
export async function changeDishes(
  tx: CanteenTx,
  { servingId, input, by }: { readonly servingId: string; readonly input: NewChange; readonly by: string },
): Promise<Result<Serving, ChangeRefused | ServingUnknown>> {
  const serving = await tx.servings.find(servingId);
  if (!serving) return err({ code: 'SERVING_UNKNOWN', servingId });
  const changed = change(serving, input, { now: tx.now, by });
  if (!changed.ok) return changed;

  const last = changed.value.changes.at(-1);
  if (changed.value !== serving && last) {
    tx.servings.save(serving, changed.value);
    tx.emit(servingChanged(changed.value, last));
  }
  return changed;
}
