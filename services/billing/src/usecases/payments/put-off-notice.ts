import type { BillingTx, KeptNotice } from '../../tx.ts';

/** Settling a kept notice failed: the others come first, and it is tried again later, ever less often. */
export async function putOffNotice(tx: BillingTx, kept: KeptNotice): Promise<void> {
  tx.notices.putOff(kept);
}
