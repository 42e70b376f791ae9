import { ok, type Result } from '@schoolbell/kernel';
import { defineFeeItem as define, type FeeItem, type FeeItemRefused } from '../../domain/invoices/fees.ts';
import type { BillingTx } from '../../tx.ts';

export async function defineFeeItem(tx: BillingTx, wanted: FeeItem): Promise<Result<FeeItem, FeeItemRefused>> {
  const earlier = await tx.feeItems.find(wanted.id);
  const defined = define(earlier, wanted, await tx.feeItems.ofCode(wanted.code));
  if (!defined.ok) return defined;
  if (!earlier) tx.feeItems.insert(defined.value);
  else if (earlier.effectiveUntil !== defined.value.effectiveUntil) tx.feeItems.save(defined.value);
  return ok(defined.value);
}
