import { unreachable, zero } from '@schoolbell/kernel';
import { type Applied, applyPayment, type Invoice } from '../invoices/invoice.ts';
import { moveTo, type PaymentAttempt, type Receipt } from '../payments/payment.ts';
import { clearing, credit, credited, debited, type LedgerTxn, ledgerTxn, receivable, suspense } from './ledger.ts';

/** Money of one gateway transaction, wherever it goes. */
export type MoneyIn = Omit<Receipt, 'placement'>;

/** What is written down for money: all of it, or nothing. */
export type Booking = { readonly receipt: Receipt; readonly entry: LedgerTxn };

/** Money on the invoice it is for. `succeeded` is the attempt it came by, where that has its money only now. */
export type PlacedBooking = Booking & { readonly placed: Placed; readonly succeeded: PaymentAttempt | undefined };

/** What is owed is paid, what is over becomes the pupil's credit. */
export type Placed = Applied & { readonly creditReason: CreditReason };

export type CreditReason = 'OVERPAID' | 'PAID_TWICE' | 'INVOICE_VOID';

/** When something is booked, under which id, and what led to it. */
export interface Cause {
  readonly now: Date;
  readonly entryId: string;
  readonly causationId: string;
}

export interface Placing {
  /** The suspense item whose money it was; undefined where the gateway's clearing account gives it. */
  readonly suspenseId?: string;
  /** The attempt it came by, and when the first notice for that was kept. */
  readonly by?: { readonly attempt: PaymentAttempt; readonly noticeAt: Date };
  /** None of it pays the invoice. */
  readonly asCredit?: boolean;
}

/** Puts money on an invoice. What a paid or void one does not take is the pupil's credit: money that came is never refused. */
export function bookOn(invoice: Invoice, money: MoneyIn, { suspenseId, by, asCredit = false }: Placing, cause: Cause): PlacedBooking {
  const { id: receiptId, amount, gateway, gatewayTransaction } = money;
  const placed = place(invoice, money, asCredit);
  const { applied, excess } = placed;
  const { id: invoiceId, studentId } = invoice;
  const to = [credited(receivable(studentId), applied), credited(credit(studentId), excess)];
  const success = { status: 'SUCCEEDED', settledAt: cause.now, gatewayTransaction, receiptId } as const;
  return {
    receipt: { ...money, placement: { at: 'INVOICE', invoiceId, studentId, applied, excess } },
    entry:
      suspenseId === undefined
        ? entryFor(cause, { ...cameIn(money), kind: 'MONEY_RECEIVED', postings: [debited(clearing(gateway), amount), ...to] })
        : entryFor(cause, { ...foundPlace(suspenseId, cause), kind: 'SUSPENSE_RESOLVED', postings: [debited(suspense, amount), ...to] }),
    placed,
    succeeded: by && by.attempt.status !== 'SUCCEEDED' ? moveTo(by.attempt, success, by.noticeAt) : undefined,
  };
}

/** Money that fits nowhere yet. */
export function bookInSuspense(money: MoneyIn, suspenseId: string, cause: Cause): Booking {
  const { gateway, amount } = money;
  const postings = [debited(clearing(gateway), amount), credited(suspense, amount)];
  return {
    receipt: { ...money, placement: { at: 'SUSPENSE', suspenseId } },
    entry: entryFor(cause, { ...cameIn(money), kind: 'MONEY_SUSPENDED', postings }),
  };
}

type What = Pick<LedgerTxn, 'reference' | 'effectiveAt' | 'kind' | 'postings'>;

function entryFor({ now, entryId, causationId }: Cause, what: What): LedgerTxn {
  return ledgerTxn({ id: entryId, postedAt: now, causationId, ...what });
}

/** One entry takes in the money of a gateway transaction, whichever way it is booked: a second one cannot be stored. */
function cameIn({ gateway, gatewayTransaction, paidAt }: MoneyIn): Pick<What, 'reference' | 'effectiveAt'> {
  return { reference: `receipt:${gateway}:${gatewayTransaction}`, effectiveAt: paidAt };
}

function foundPlace(suspenseId: string, { now }: Cause): Pick<What, 'reference' | 'effectiveAt'> {
  return { reference: `suspense:${suspenseId}`, effectiveAt: now };
}

function place(invoice: Invoice, { amount, paidAt }: MoneyIn, asCredit: boolean): Placed {
  if (asCredit) return { invoice, applied: zero, excess: amount, settled: false, creditReason: 'PAID_TWICE' };
  return { ...applyPayment(invoice, amount, paidAt), creditReason: creditReasonFor(invoice) };
}

function creditReasonFor(before: Invoice): CreditReason {
  switch (before.status) {
    case 'PAID':
      return 'PAID_TWICE';
    case 'VOID':
      return 'INVOICE_VOID';
    case 'OPEN':
    case 'PARTIALLY_PAID':
      return 'OVERPAID';
    default:
      return unreachable(before);
  }
}
