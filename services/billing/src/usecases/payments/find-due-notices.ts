import type { BillingTx, KeptNotice } from '../../tx.ts';

/** Kept notices that nobody settled, or whose order was unknown when they came; of every school. */
export function findDueNotices(tx: BillingTx, limit: number): Promise<KeptNotice[]> {
  return tx.notices.due(tx.now, limit);
}
