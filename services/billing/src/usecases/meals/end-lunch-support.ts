import { err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { monthsOf } from '../../domain/meals/meal.ts';
import { end, type LunchSupport, type SupportRefused } from '../../domain/meals/support.ts';
import type { BillingTx } from '../../tx.ts';

export type EndSupportRefused = SupportRefused | { readonly code: 'SUPPORT_NOT_FOUND'; readonly grantId: string };

/** What was credited for days behind the new end is taken back by the clock. */
export async function endLunchSupport(
  tx: BillingTx,
  { grantId, effectiveUntil }: { grantId: string; effectiveUntil: SchoolDate },
): Promise<Result<LunchSupport, EndSupportRefused>> {
  const support = await tx.supports.find(grantId);
  if (!support) return err({ code: 'SUPPORT_NOT_FOUND', grantId });
  const ended = end(support, effectiveUntil);
  if (!ended.ok || ended.value === support) return ended;
  tx.supports.save(ended.value);
  const { studentId } = support;
  tx.mealMonths.recheck(monthsOf(effectiveUntil, schoolDateOf(tx.now)).map((month) => ({ studentId, month })));
  return ok(ended.value);
}
