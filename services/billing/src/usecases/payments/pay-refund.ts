import { err, type Money, ok, type Result, schoolDateOf, zero } from '@schoolbell/kernel';
import { applyCredit, creditPostings, type Invoice, issuePostings } from '../../domain/invoices/invoice.ts';
import { invoiceIdFor, type Student } from '../../domain/invoices/invoice-run.ts';
import { clearing, credit, credited, debited, type LedgerTxn, ledgerTxn } from '../../domain/ledger/ledger.ts';
import { billMeals, type Table } from '../../domain/meals/meal-bill.ts';
import { mayPay, nextCheckAt, type OpenRefund, type PaidRefund, type RefundRefused, refundable } from '../../domain/payments/refund.ts';
import { invoiceIssued, paidByCredit, refundPaid } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

export interface RefundPayment {
  readonly refundId: string;
  /** What was transferred. */
  readonly amount: Money;
  readonly bankReference: string;
  /** Subject of the caller. */
  readonly paidBy: string;
}

export type PayRefundRefused = RefundRefused | { readonly code: 'REFUND_NOT_FOUND'; readonly refundId: string };
export type PaidOut = { readonly refund: PaidRefund; readonly studentName: string };

/** Charges what is still to be charged, pays the pupil's open invoices by credit, and books what is left as paid out by bank. */
export async function payRefund(tx: BillingTx, payment: RefundPayment): Promise<Result<PaidOut, PayRefundRefused>> {
  const { refundId, amount, bankReference, paidBy } = payment;
  const refund = await tx.refunds.find(refundId);
  if (!refund) return err({ code: 'REFUND_NOT_FOUND', refundId });
  const student = await tx.students.find(refund.studentId);
  const studentName = student?.name ?? '';
  if (refund.status === 'PAID') return isSamePayment(refund, payment) ? ok({ refund, studentName }) : paidOtherwise(refund);
  if (refund.status === 'CLOSED' || !student || student.enrolled) return err({ code: 'REFUND_NOT_OPEN', refundId });

  const table = await tableOf(tx, refund);
  const owed = await tx.invoices.owed([refund.studentId]);
  const allowed = mayPay(refund, refundable(table, owed), amount);
  if (!allowed.ok) return allowed;

  const paid: PaidRefund = { ...baseOf(refund), status: 'PAID', amount, bankReference, paidAt: tx.now, paidBy };
  tx.ledger.append([
    ...billRest(tx, { refund, student, table }),
    ...owed.map((invoice) => payByCredit(tx, invoice, refundId)),
    payOut(tx, paid),
  ]);
  tx.refunds.save(paid);
  tx.refunds.watch(successor(tx, refund));
  tx.emit(refundPaid(paid, studentName));
  return ok({ refund: paid, studentName });
}

async function tableOf(tx: BillingTx, { studentId, leftOn }: OpenRefund): Promise<Table> {
  const months = await tx.mealMonths.due([studentId]);
  const balance = (await tx.ledger.credits([studentId])).get(studentId) ?? zero;
  return { months, balance, until: undefined, left: { on: leftOn, today: schoolDateOf(tx.now) } };
}

interface Leaver {
  readonly refund: OpenRefund;
  readonly student: Student;
  readonly table: Table;
}

/** The last meal bill: credit pays all of it, or there would be nothing to refund. */
function billRest(tx: BillingTx, { refund, student, table }: Leaver): LedgerTxn[] {
  const { id: studentId, name: studentName, className } = student;
  const draft = { id: invoiceIdFor(refund.id, studentId), studentId, studentName, className, issuedAt: tx.now, runId: undefined };
  const bill = billMeals({ ...draft, title: 'Tiền ăn còn lại khi thôi học', dueOn: schoolDateOf(tx.now) }, table);
  if (!bill) return [];
  const { invoice, months } = bill;
  if (invoice.status !== 'PAID') throw new Error(`The last meal bill of refund ${refund.id} is not paid by credit`);
  tx.invoices.insert(invoice);
  for (const month of months) tx.mealMonths.save(month);
  tx.emit(invoiceIssued(invoice));
  tx.emit(paidByCredit(invoice));
  const what = { reference: `invoice:${invoice.id}`, kind: 'INVOICE_ISSUED', postings: issuePostings(invoice) } as const;
  return [ledgerTxn({ ...entryOf(tx, refund.id), ...what })];
}

function payByCredit(tx: BillingTx, owed: Invoice, refundId: string): LedgerTxn {
  const paid = applyCredit(owed, owed.total, tx.now);
  if (paid.status !== 'PAID') throw new Error(`Invoice ${owed.id} is not paid by credit`);
  tx.invoices.save(paid);
  tx.emit(paidByCredit(paid));
  const postings = creditPostings(owed.studentId, {
    ...paid.creditApplied,
    minorUnits: paid.creditApplied.minorUnits - owed.creditApplied.minorUnits,
  });
  return ledgerTxn({ ...entryOf(tx, refundId), reference: `credit:${owed.id}:${paid.version}`, kind: 'CREDIT_APPLIED', postings });
}

function payOut(tx: BillingTx, { id, studentId, amount }: PaidRefund): LedgerTxn {
  const postings = [debited(credit(studentId), amount), credited(clearing('bank'), amount)];
  return ledgerTxn({ ...entryOf(tx, id), reference: `refund:${id}`, kind: 'REFUND_PAID', postings });
}

function entryOf(tx: BillingTx, causationId: string) {
  return { id: tx.newId(), effectiveAt: tx.now, postedAt: tx.now, causationId };
}

/** A credit that comes after the refund was paid is another refund. */
function successor(tx: BillingTx, refund: OpenRefund): OpenRefund {
  const checkAt = nextCheckAt(refund.since, tx.now) ?? tx.now;
  return { ...baseOf(refund), id: tx.newId(), part: refund.part + 1, status: 'WATCHED', requestedAt: undefined, checkAt };
}

function baseOf({ id, studentId, leftOn, dueOn, leaving, part, since }: OpenRefund) {
  return { id, studentId, leftOn, dueOn, leaving, part, since };
}

function isSamePayment(refund: PaidRefund, { amount, bankReference }: RefundPayment): boolean {
  return refund.amount.minorUnits === amount.minorUnits && refund.bankReference === bankReference;
}

function paidOtherwise({ id: refundId, bankReference }: PaidRefund): Result<never, PayRefundRefused> {
  return err({ code: 'REFUND_PAID_OTHERWISE', refundId, bankReference });
}
