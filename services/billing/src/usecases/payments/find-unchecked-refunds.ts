import type { BillingTx } from '../../tx.ts';

/** Refunds to look at now, of every school. */
export function findUncheckedRefunds(tx: BillingTx, limit: number): Promise<{ schoolId: string; refundId: string }[]> {
  return tx.refunds.unchecked(tx.now, limit);
}
