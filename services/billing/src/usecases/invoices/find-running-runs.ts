import type { BillingTx, RunningRun } from '../../tx.ts';

/** Runs with work left that are not put off, of every school. */
export function findRunningRuns(tx: BillingTx, limit: number): Promise<RunningRun[]> {
  return tx.invoiceRuns.running(tx.now, limit);
}
