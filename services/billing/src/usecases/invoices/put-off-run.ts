import type { BillingTx } from '../../tx.ts';

const waitMs = 60_000;

/** A chunk of the run failed: the others go on, and it is tried again in a minute. */
export async function putOffRun(tx: BillingTx, runId: string): Promise<void> {
  tx.invoiceRuns.putOff(runId, new Date(tx.now.getTime() + waitMs));
}
