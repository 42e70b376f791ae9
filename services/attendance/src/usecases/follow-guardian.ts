import { type Ok, ok } from '@schoolbell/kernel';
import type { Guardian } from '../domain/rights.ts';
import type { AttendanceTx } from '../tx.ts';

/** event GuardianChanged: who may ask leave for whom; neither name nor address is kept. */
export async function followGuardian(
  tx: AttendanceTx,
  { guardian, version }: { readonly guardian: Guardian; readonly version: number },
): Promise<Ok<'followed'>> {
  tx.guardians.follow(guardian, version);
  return ok('followed');
}
