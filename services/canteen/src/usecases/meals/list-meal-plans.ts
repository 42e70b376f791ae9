import { ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import type { MealPlan } from '../../domain/meals/plan.ts';
import { type Actor, mayActFor, type NotYours } from '../../domain/rights.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc ListMealPlans */
export async function listMealPlans(
  tx: CanteenTx,
  { studentId, actor }: { readonly studentId: string; readonly actor: Actor },
): Promise<Result<MealPlan[], NotYours>> {
  const allowed = mayActFor(await tx.authority.of(actor), [studentId], schoolDateOf(tx.now));
  return allowed.ok ? ok(await tx.plans.ofPupils([studentId])) : allowed;
}
