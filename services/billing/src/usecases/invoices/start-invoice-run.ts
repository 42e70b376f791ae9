import { err, ok, type Result, type SchoolDate, schoolDateOf, zero } from '@schoolbell/kernel';
import { type Charge, type ChargeRefused, isChargedBy, linesFor } from '../../domain/invoices/fees.ts';
import type { InvoiceRun } from '../../domain/invoices/invoice-run.ts';
import type { BillingTx } from '../../tx.ts';

export interface RunOrder {
  readonly runId: string;
  readonly title: string;
  readonly charges: readonly Charge[];
  readonly dueOn: SchoolDate;
  /** Empty for the whole school. */
  readonly classIds: readonly string[];
}

export type RunRefused =
  | ChargeRefused
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'NO_PUPILS' }
  | { readonly code: 'DUE_DATE_PAST'; readonly dueOn: SchoolDate; readonly today: SchoolDate };

/** Writes down what is to be done; the clock does it, chunk by chunk. */
export async function startInvoiceRun(tx: BillingTx, order: RunOrder): Promise<Result<InvoiceRun, RunRefused>> {
  const { runId: id, title, dueOn, classIds } = order;
  const earlier = await tx.invoiceRuns.find(id);
  if (earlier) return isOrderedBy(earlier, order) ? ok(earlier) : err({ code: 'ID_REUSED', id });

  const today = schoolDateOf(tx.now);
  if (dueOn < today) return err({ code: 'DUE_DATE_PAST', dueOn, today });
  const items = await tx.feeItems.findAll(order.charges.map((charge) => charge.feeItemId));
  const lines = linesFor(order.charges, items, today);
  if (!lines.ok) return lines;
  const pupils = await tx.students.countEnrolled(classIds);
  if (pupils === 0) return err({ code: 'NO_PUPILS' });

  const begun = { startedAt: tx.now, pupils, issued: 0, total: zero, cursor: '', version: 1 };
  const run: InvoiceRun = { id, bills: 'FEES', title, lines: lines.value, dueOn, classIds, ...begun, status: 'RUNNING' };
  tx.invoiceRuns.insert(run);
  return ok(run);
}

function isOrderedBy(run: InvoiceRun, { title, dueOn, charges, classIds }: RunOrder): boolean {
  const same = run.title === title && run.dueOn === dueOn && run.classIds.join() === classIds.join();
  return same && run.bills === 'FEES' && isChargedBy(run.lines, charges);
}
