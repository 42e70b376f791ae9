import { err, isPositive, isZero, type Money, minus, ok, plus, type Result, type SchoolDate, smaller, sum, zero } from '@schoolbell/kernel';
import { type Account, credit, credited, debited, meals, type Posting, receivable, revenue, wallet } from '../ledger/ledger.ts';
import type { InvoiceLine } from './fees.ts';

export type Invoice = OpenInvoice | PartiallyPaidInvoice | PaidInvoice | VoidInvoice;
export type OpenInvoice = InvoiceBase & { readonly status: 'OPEN' };
export type PartiallyPaidInvoice = InvoiceBase & { readonly status: 'PARTIALLY_PAID'; readonly paid: Money };
export type PaidInvoice = InvoiceBase & { readonly status: 'PAID'; readonly paidAt: Date };
export type VoidInvoice = InvoiceBase & { readonly status: 'VOID'; readonly reason: string; readonly voidedAt: Date };

/** FEES becomes the school's revenue, WALLET_TOP_UP the pupil's money in the canteen wallet, MEALS money for food. */
export const invoicePurposes = ['FEES', 'WALLET_TOP_UP', 'MEALS'] as const;
export type InvoicePurpose = (typeof invoicePurposes)[number];

/** Code of the line of a meal bill that asks for what the pupil's credit account owes. */
export const carriedOver = 'CARRIED_OVER';

type InvoiceBase = {
  readonly id: string;
  readonly studentId: string;
  /** Name and class as on the day of issue. */
  readonly studentName: string;
  readonly className: string;
  readonly title: string;
  readonly purpose: InvoicePurpose;
  readonly lines: readonly InvoiceLine[];
  readonly total: Money;
  /** Part of what is paid that came from the pupil's credit; of a void invoice what was given back. */
  readonly creditApplied: Money;
  readonly dueOn: SchoolDate;
  readonly issuedAt: Date;
  /** Invoice run that issued it, if one did. */
  readonly runId: string | undefined;
  /** Rises by one with each change; a writer that read an older one starts again. */
  readonly version: number;
};

/** A payment put on an invoice: `applied` + `excess` is all of it. */
export type Applied = { readonly invoice: Invoice; readonly applied: Money; readonly excess: Money; readonly settled: boolean };

export type VoidRefused = { readonly code: 'INVOICE_HAS_PAYMENTS'; readonly paid: Money };

export function issue(draft: Omit<OpenInvoice, 'status' | 'total' | 'creditApplied' | 'version'>): OpenInvoice {
  return { ...draft, status: 'OPEN', total: sum(draft.lines.map((line) => line.amount)), creditApplied: zero, version: 1 };
}

export function paidOn(invoice: Invoice): Money {
  switch (invoice.status) {
    case 'OPEN':
    case 'VOID':
      return zero;
    case 'PARTIALLY_PAID':
      return invoice.paid;
    case 'PAID':
      return invoice.total;
  }
}

export function outstanding(invoice: Invoice): Money {
  return invoice.status === 'VOID' ? zero : minus(invoice.total, paidOn(invoice));
}

/** Takes as much of `received` as is still owed. A paid or void invoice takes nothing: money that came is never refused, it is excess. */
export function applyPayment(invoice: Invoice, received: Money, paidAt: Date): Applied {
  if (!isPositive(received)) throw new Error('A payment must be more than nothing');
  const applied = smaller(received, outstanding(invoice));
  const excess = minus(received, applied);
  if (isZero(applied) || invoice.status === 'PAID' || invoice.status === 'VOID') {
    return { invoice, applied: zero, excess: received, settled: false };
  }

  const paid = plus(paidOn(invoice), applied);
  const { version, ...unchanged } = invoice;
  const base = { ...baseOf(unchanged), version: version + 1 };
  if (paid.minorUnits === invoice.total.minorUnits) {
    return { invoice: { ...base, status: 'PAID', paidAt }, applied, excess, settled: true };
  }
  return { invoice: { ...base, status: 'PARTIALLY_PAID', paid }, applied, excess, settled: false };
}

/** Pays as much of it as `available` credit does; what is left of that stays where it is. */
export function applyCredit(invoice: Invoice, available: Money, now: Date): Invoice {
  const amount = smaller(available, outstanding(invoice));
  if (!isPositive(amount)) return invoice;
  return { ...applyPayment(invoice, amount, now).invoice, creditApplied: plus(invoice.creditApplied, amount) };
}

/** Only an invoice on which nothing was paid but credit, which goes back; voiding a void one again changes nothing. */
export function voidInvoice(invoice: Invoice, reason: string, voidedAt: Date): Result<VoidInvoice, VoidRefused> {
  switch (invoice.status) {
    case 'VOID':
      return ok(invoice);
    case 'PARTIALLY_PAID':
    case 'PAID':
    case 'OPEN': {
      const paid = minus(paidOn(invoice), invoice.creditApplied);
      if (isPositive(paid)) return err({ code: 'INVOICE_HAS_PAYMENTS', paid });
      const { version, ...unchanged } = invoice;
      return ok({ ...baseOf(unchanged), version: version + 1, status: 'VOID', reason, voidedAt });
    }
  }
}

/**
 * What issuing books: the pupil owes, and the school has earned, holds money for food, or will owe the wallet. Credit that pays for it
 * is part of that, so that the reverse of these postings gives it back. Lines of one code are one posting.
 */
export function issuePostings(invoice: Invoice): Posting[] {
  const { studentId, total, creditApplied } = invoice;
  const earned = new Map<Account, Money>();
  for (const line of invoice.lines) {
    const account = accountFor(invoice, line.code);
    earned.set(account, plus(earned.get(account) ?? zero, line.amount));
  }
  return [
    debited(receivable(studentId), total),
    ...[...earned].map(([account, amount]) => credited(account, amount)),
    ...(isPositive(creditApplied) ? creditPostings(studentId, creditApplied) : []),
  ];
}

/** Moves a pupil's credit on to what the pupil owes. */
export function creditPostings(studentId: string, amount: Money): Posting[] {
  return [debited(credit(studentId), amount), credited(receivable(studentId), amount)];
}

function accountFor({ purpose, studentId }: Invoice, code: string): Account {
  switch (purpose) {
    case 'WALLET_TOP_UP':
      return wallet(studentId);
    case 'FEES':
      return revenue(code);
    case 'MEALS':
      return code === carriedOver ? credit(studentId) : meals(code);
  }
}

function baseOf(invoice: Omit<InvoiceBase, 'version'>): Omit<InvoiceBase, 'version'> {
  const { id, studentId, studentName, className, title, purpose, lines, total, creditApplied, dueOn, issuedAt, runId } = invoice;
  return { id, studentId, studentName, className, title, purpose, lines, total, creditApplied, dueOn, issuedAt, runId };
}
