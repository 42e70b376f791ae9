import { type Chunk, chunksOf } from '../../domain/invoices/invoice-run.ts';
import type { BillingTx } from '../../tx.ts';

export interface Ahead {
  readonly chunks: readonly Chunk[];
  /** False where these are the last. */
  readonly more: boolean;
}

/** What a run has to issue next: at most `most` chunks of `size` pupils. */
export async function findRunChunks(tx: BillingTx, { runId, size, most }: { runId: string; size: number; most: number }): Promise<Ahead> {
  const run = await tx.invoiceRuns.find(runId);
  if (run?.status !== 'RUNNING') return { chunks: [], more: false };
  const studentIds = await tx.students.after(run.cursor, { classIds: run.classIds, left: run.bills === 'MEALS', limit: size * most });
  return { chunks: chunksOf(run, studentIds, size), more: studentIds.length === size * most };
}
