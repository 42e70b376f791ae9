import { sum, zero } from '@schoolbell/kernel';
import { issuePostings } from '../../domain/invoices/invoice.ts';
import { type Chunk, type Issued, invoiceFor, invoiceIdFor, isAhead } from '../../domain/invoices/invoice-run.ts';
import { ledgerTxn } from '../../domain/ledger/ledger.ts';
import { invoiceIssued } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

/**
 * Issues the invoices of a run of fees for the pupils of one chunk. The run itself is not touched, so that chunks can be issued side by side; a
 * chunk that is issued again finds its invoices, issues what is missing, and answers with the same figures.
 */
export async function issueInvoiceChunk(tx: BillingTx, { runId, chunk }: { runId: string; chunk: Chunk }): Promise<Issued> {
  const run = await tx.invoiceRuns.find(runId);
  if (run?.bills !== 'FEES' || !isAhead(run, chunk)) return { invoices: 0, total: zero };
  const students = await tx.students.between(chunk.after, chunk.upTo, run.classIds);
  // Somebody may have issued an invoice by hand under the very id: it is that pupil's, and the run must not stop at it.
  const taken = await tx.invoices.taken(students.map(({ id }) => invoiceIdFor(runId, id)));
  const fresh = students.filter(({ enrolled }) => enrolled).map((student) => invoiceFor(run, student, tx.now));
  const issued = fresh.filter(({ id }) => !taken.has(id));

  const entry = { kind: 'INVOICE_ISSUED', effectiveAt: tx.now, postedAt: tx.now, causationId: runId } as const;
  await tx.ledger.appendMany(
    issued.map((invoice) => ledgerTxn({ ...entry, id: tx.newId(), reference: `invoice:${invoice.id}`, postings: issuePostings(invoice) })),
  );
  for (const invoice of issued) {
    tx.invoices.insert(invoice);
    tx.emit(invoiceIssued(invoice));
  }
  const before = [...taken.values()].filter((invoice) => invoice.runId === runId);
  return { invoices: before.length + issued.length, total: sum([...before, ...issued].map(({ total }) => total)) };
}
