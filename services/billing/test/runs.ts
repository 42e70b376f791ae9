import type { Chunk, Issued } from '../src/domain/invoices/invoice-run.ts';
import { type Ahead, findRunChunks } from '../src/usecases/invoices/find-run-chunks.ts';
import { issueInvoiceChunk } from '../src/usecases/invoices/issue-invoice-chunk.ts';
import { moveRun } from '../src/usecases/invoices/move-run.ts';
import type { Billing } from './given.ts';

type OfSchool = Pick<Billing, 'transact' | 'read'>;

export const aheadOf = ({ read }: OfSchool, runId: string, { size = 10, most = 1 } = {}): Promise<Ahead> =>
  read((tx) => findRunChunks(tx, { runId, size, most }));

/** Issues a run's next chunk and moves it on, as the clock does. Answers whether there is more to do. */
export async function goOnWithRun(billing: OfSchool, runId: string, size = 10): Promise<boolean> {
  const { chunks, more } = await aheadOf(billing, runId, { size });
  const issued: (Chunk & Issued)[] = [];
  for (const chunk of chunks) issued.push({ ...chunk, ...(await billing.transact((tx) => issueInvoiceChunk(tx, { runId, chunk }))) });
  await billing.transact((tx) => moveRun(tx, { runId, issued, more }));
  return more;
}
