import { type Ok, ok } from '@schoolbell/kernel';
import type { Guardian } from '../../domain/rights.ts';
import type { CanteenTx } from '../../tx.ts';

/** event GuardianChanged: who may act for whom; neither name nor address is kept. */
export async function followGuardian(
  tx: CanteenTx,
  { guardian, version }: { readonly guardian: Guardian; readonly version: number },
): Promise<Ok<'followed'>> {
  tx.guardians.follow(guardian, version);
  return ok('followed');
}
