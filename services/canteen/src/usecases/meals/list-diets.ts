import { ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import type { SetDiet } from '../../domain/meals/diet.ts';
import { type Actor, mayActFor, type NotYours } from '../../domain/rights.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc ListDiets */
export async function listDiets(
  tx: CanteenTx,
  { studentId, actor }: { readonly studentId: string; readonly actor: Actor },
): Promise<Result<SetDiet[], NotYours>> {
  const allowed = mayActFor(await tx.authority.of(actor), [studentId], schoolDateOf(tx.now));
  return allowed.ok ? ok(await tx.diets.ofPupils([studentId])) : allowed;
}
