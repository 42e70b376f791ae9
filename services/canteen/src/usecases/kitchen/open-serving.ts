import { err, type Result } from '@schoolbell/kernel';
import { foodRulesOn } from '../../domain/kitchen/food-check-rules.ts';
import type { Serving, ServingUnknown } from '../../domain/kitchen/serving.ts';
import { type OpenRefused, openServing as open } from '../../domain/kitchen/serving-gate.ts';
import { servingOpened } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc OpenServing: the gate. A repeat gets the first answer. */
export async function openServing(
  tx: CanteenTx,
  { servingId, by }: { readonly servingId: string; readonly by: string },
): Promise<Result<Serving, OpenRefused | ServingUnknown>> {
  const record = await tx.foodRecords.open(servingId);
  if (!record) return err({ code: 'SERVING_UNKNOWN', servingId });
  const { serving } = record;
  const counted = (await tx.kitchenCounts.count(serving)).reduce((sum, { portions }) => sum + portions, 0);
  const opened = open(record, { rules: foodRulesOn(serving.date), counted, now: tx.now, by });
  if (!opened.ok || opened.value === serving) return opened;

  tx.servings.save(serving, opened.value);
  tx.emit(servingOpened(opened.value));
  return opened;
}
