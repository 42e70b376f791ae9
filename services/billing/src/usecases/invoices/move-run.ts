import { advance, type Chunk, type Issued } from '../../domain/invoices/invoice-run.ts';
import type { BillingTx } from '../../tx.ts';

export interface Passed {
  readonly runId: string;
  /** Chunks that follow each other and are issued now, with what each holds. */
  readonly issued: readonly (Chunk & Issued)[];
  readonly more: boolean;
}

/** Moves a run past what is issued; without effect where another worker has moved it already. */
export async function moveRun(tx: BillingTx, { runId, issued, more }: Passed): Promise<void> {
  const run = await tx.invoiceRuns.find(runId);
  if (run?.status !== 'RUNNING' || (issued[0]?.after ?? run.cursor) !== run.cursor) return;
  tx.invoiceRuns.save(advance(run, issued.at(-1)?.upTo ?? run.cursor, issued, more ? undefined : tx.now));
}
