import type { BillingTx } from '../../tx.ts';

/** Runs with work left that are not put off, of every school. */
export function findRunningRuns(tx: BillingTx, limit: number): Promise<{ schoolId: string; runId: string }[]> {
  return tx.invoiceRuns.running(tx.now, limit);
}
