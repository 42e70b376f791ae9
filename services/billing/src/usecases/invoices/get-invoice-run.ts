import { err, ok, type Result } from '@schoolbell/kernel';
import type { InvoiceRun } from '../../domain/invoices/invoice-run.ts';
import type { BillingTx } from '../../tx.ts';

export type RunNotFound = { readonly code: 'INVOICE_RUN_NOT_FOUND'; readonly runId: string };

export async function getInvoiceRun(tx: BillingTx, runId: string): Promise<Result<InvoiceRun, RunNotFound>> {
  const run = await tx.invoiceRuns.find(runId);
  return run ? ok(run) : err({ code: 'INVOICE_RUN_NOT_FOUND', runId });
}
