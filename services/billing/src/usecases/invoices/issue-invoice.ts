import { err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { type Charge, type ChargeRefused, isChargedBy, linesFor } from '../../domain/invoices/fees.ts';
import { type Invoice, type InvoicePurpose, issue, issuePostings } from '../../domain/invoices/invoice.ts';
import { ledgerTxn } from '../../domain/ledger/ledger.ts';
import { invoiceIssued } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

export interface InvoiceOrder {
  readonly invoiceId: string;
  readonly studentId: string;
  readonly title: string;
  readonly purpose: InvoicePurpose;
  readonly charges: readonly Charge[];
  readonly dueOn: SchoolDate;
}

export type IssueRefused =
  | ChargeRefused
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'STUDENT_UNKNOWN'; readonly studentId: string }
  | { readonly code: 'DUE_DATE_PAST'; readonly dueOn: SchoolDate; readonly today: SchoolDate };

export async function issueInvoice(tx: BillingTx, order: InvoiceOrder): Promise<Result<Invoice, IssueRefused>> {
  const earlier = await tx.invoices.find(order.invoiceId);
  if (earlier) return isOrderedBy(earlier, order) ? ok(earlier) : err({ code: 'ID_REUSED', id: order.invoiceId });

  const today = schoolDateOf(tx.now);
  const { invoiceId: id, studentId, title, purpose, dueOn } = order;
  if (dueOn < today) return err({ code: 'DUE_DATE_PAST', dueOn, today });
  const student = await tx.students.find(studentId);
  if (!student?.enrolled) return err({ code: 'STUDENT_UNKNOWN', studentId });
  const items = await tx.feeItems.findAll(order.charges.map((charge) => charge.feeItemId));
  const lines = linesFor(order.charges, items, today);
  if (!lines.ok) return lines;

  const { name: studentName, className } = student;
  const invoice = issue({
    id,
    studentId,
    studentName,
    className,
    title,
    purpose,
    lines: lines.value,
    dueOn,
    issuedAt: tx.now,
    runId: undefined,
  });
  const entry = {
    id: tx.newId(),
    reference: `invoice:${id}`,
    kind: 'INVOICE_ISSUED',
    effectiveAt: tx.now,
    postedAt: tx.now,
    causationId: id,
  } as const;
  tx.invoices.insert(invoice);
  tx.ledger.append([ledgerTxn({ ...entry, postings: issuePostings(invoice) })]);
  tx.emit(invoiceIssued(invoice));
  return ok(invoice);
}

function isOrderedBy(invoice: Invoice, { studentId, title, purpose, dueOn, charges }: InvoiceOrder): boolean {
  return (
    invoice.studentId === studentId &&
    invoice.title === title &&
    invoice.purpose === purpose &&
    invoice.dueOn === dueOn &&
    isChargedBy(invoice.lines, charges)
  );
}
