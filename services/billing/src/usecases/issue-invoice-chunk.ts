import { issuePostings } from '../domain/invoice.ts';
import { advance, invoiceFor } from '../domain/invoice-run.ts';
import { ledgerTxn } from '../domain/ledger.ts';
import { invoiceIssued } from '../events.ts';
import type { BillingTx } from '../tx.ts';

/**
 * Issues the next invoices of a run, at most `chunkSize`, and moves its cursor in the same transaction: after a crash it goes on where
 * it was, and two workers cannot issue the same chunk. Answers whether there is more to do.
 */
export async function issueInvoiceChunk(tx: BillingTx, { runId, chunkSize }: { runId: string; chunkSize: number }): Promise<boolean> {
  const run = await tx.invoiceRuns.find(runId);
  if (run?.status !== 'RUNNING') return false;
  const students = await tx.students.enrolledAfter(run.cursor, { classIds: run.classIds, limit: chunkSize });

  const wanted = students.map((student) => invoiceFor(run, student, tx.now));
  // Somebody may have issued an invoice by hand under the very id: it is that pupil's, and the run must not stop at it.
  const taken = await tx.invoices.existing(wanted.map(({ id }) => id));
  const issued = wanted.filter(({ id }) => !taken.has(id));
  const entry = { kind: 'INVOICE_ISSUED', effectiveAt: tx.now, postedAt: tx.now, causationId: runId } as const;
  const moved = advance(run, issued, { chunkSize, students, at: tx.now });
  await tx.ledger.appendMany(
    issued.map((invoice) => ledgerTxn({ ...entry, id: tx.newId(), reference: `invoice:${invoice.id}`, postings: issuePostings(invoice) })),
  );
  tx.invoiceRuns.save(moved);
  for (const invoice of issued) {
    tx.invoices.insert(invoice);
    tx.emit(invoiceIssued(invoice));
  }
  return moved.status === 'RUNNING';
}
