import { type Ok, ok } from '@schoolbell/kernel';
import type { Guardian } from '../../domain/rights.ts';
import type { CanteenTx } from '../../tx.ts';

/** event GuardianChanged: keeps whose guardian somebody is, but neither name nor address. */
export async function followGuardian(
  tx: CanteenTx,
  { guardian, version }: { readonly guardian: Guardian; readonly version: number },
): Promise<Ok<'followed'>> {
  tx.guardians.follow(guardian, version);
  return ok('followed');
}
