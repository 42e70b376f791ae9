import {
  type Invoice as InvoiceMessage,
  InvoicePurpose,
  InvoiceStatus,
  type SuspenseItem as SuspenseMessage,
  SuspenseReason,
} from '@schoolbell/contracts/school/billing/v1/billing';
import { BillingEvent, CreditReason } from '@schoolbell/contracts/school/billing/v1/billing_events';
import type { Money as MoneyMessage } from '@schoolbell/contracts/school/common/v1/money';
import { isPositive, type Money, minus, zero } from '@schoolbell/kernel';
import type { OutboxEvent } from '@schoolbell/service-kit';
import type { InvoiceLine } from './domain/invoices/fees.ts';
import { type Invoice, outstanding, type PaidInvoice, paidOn, type VoidInvoice } from './domain/invoices/invoice.ts';
import type { Placed, PlacedBooking } from './domain/ledger/booking.ts';
import type { CreditChange } from './domain/meals/portion.ts';
import type { Receipt } from './domain/payments/payment.ts';
import type { PaidRefund, Refund } from './domain/payments/refund.ts';
import type { ResolvedItem, SuspenseItem, WaitingItem } from './domain/payments/suspense.ts';

export function invoiceIssued(invoice: Invoice): OutboxEvent {
  return announce('InvoiceIssued', invoice.studentId, { $case: 'invoiceIssued', value: { invoice: invoiceMessage(invoice) } });
}

export function invoiceVoided({ id, studentId, title, reason }: VoidInvoice): OutboxEvent {
  return announce('InvoiceVoided', studentId, { $case: 'invoiceVoided', value: { invoiceId: id, studentId, title, reason } });
}

/** Money that was put where it belongs: the receipt, then what it did to the invoice, then what was left over. */
export function moneyPlaced({ receipt, placed }: PlacedBooking): OutboxEvent[] {
  const events = [paymentReceived(receipt, placed)];
  if (placed.settled) events.push(invoicePaid(placed.invoice, receipt));
  if (isPositive(placed.excess)) events.push(accountCredited(receipt, placed));
  return events;
}

/** Money that went on a pupil's credit account for a meal, or came off it again; `balance` is what is there after it. */
export function creditChanged(
  pupil: { id: string; name: string },
  { bookingId, date, meal, cutReason, ...change }: CreditChange,
  balance: Money,
): OutboxEvent {
  const { id: studentId, name: studentName } = pupil;
  const reason = CreditReason[change.reason];
  const about = {
    studentId,
    studentName,
    reason,
    meal: { bookingId, date, meal, cutReason: cutReason ?? '' },
    balance: moneyMessage(balance),
  };
  if (isPositive(change.amount)) {
    const value = { ...about, amount: moneyMessage(change.amount), invoiceId: '', invoiceTitle: '', receiptId: '' };
    return announce('AccountCredited', studentId, { $case: 'accountCredited', value });
  }
  const value = { ...about, amount: moneyMessage(minus(zero, change.amount)) };
  return announce('CreditReversed', studentId, { $case: 'creditReversed', value });
}

/** What a voided invoice gives back. */
export function creditReturned({ id, studentId, studentName, title, creditApplied }: VoidInvoice, balance: Money): OutboxEvent {
  const bill = { invoiceId: id, invoiceTitle: title, receiptId: '' };
  const money = { amount: moneyMessage(creditApplied), balance: moneyMessage(balance) };
  const value = { studentId, studentName, ...money, reason: CreditReason.INVOICE_VOID, ...bill, meal: undefined };
  return announce('AccountCredited', studentId, { $case: 'accountCredited', value });
}

/** An invoice that the pupil's credit settled to the end. */
export function paidByCredit(invoice: PaidInvoice): OutboxEvent {
  return invoicePaid(invoice, { gateway: 'credit', gatewayTransaction: '', paidAt: invoice.paidAt });
}

/** A pupil who left has money with the school: once per refund, however the amount changes afterwards. */
export function refundRequested({ id, studentId, leftOn, dueOn }: Refund, { name, amount }: { name: string; amount: Money }): OutboxEvent {
  const value = { refundId: id, studentId, studentName: name, amount: moneyMessage(amount), leftOn, dueOn };
  return announce('RefundRequested', studentId, { $case: 'refundRequested', value });
}

export function refundPaid({ id, studentId, amount, bankReference }: PaidRefund, studentName: string): OutboxEvent {
  const value = { refundId: id, studentId, studentName, amount: moneyMessage(amount), bankReference };
  return announce('RefundPaid', studentId, { $case: 'refundPaid', value });
}

export function paymentSuspended(item: WaitingItem): OutboxEvent {
  return announce('PaymentSuspended', item.id, { $case: 'paymentSuspended', value: { item: suspenseMessage(item) } });
}

export function suspenseResolved(item: ResolvedItem): OutboxEvent {
  const value = { item: suspenseMessage(item), invoiceId: item.invoiceId ?? '' };
  return announce('SuspenseResolved', item.id, { $case: 'suspenseResolved', value });
}

function paymentReceived(receipt: Receipt, { invoice, applied }: Placed): OutboxEvent {
  const { gateway, gatewayTransaction, orderRef, paidAt } = receipt;
  return announce('PaymentReceived', invoice.studentId, {
    $case: 'paymentReceived',
    value: {
      receiptId: receipt.id,
      invoiceId: invoice.id,
      studentId: invoice.studentId,
      studentName: invoice.studentName,
      invoiceTitle: invoice.title,
      received: moneyMessage(receipt.amount),
      applied: moneyMessage(applied),
      outstanding: moneyMessage(outstanding(invoice)),
      gateway,
      gatewayTransaction,
      orderRef,
      paidAt,
    },
  });
}

function invoicePaid(invoice: Invoice, by: Pick<Receipt, 'gateway' | 'gatewayTransaction' | 'paidAt'>): OutboxEvent {
  const { gateway, gatewayTransaction, paidAt } = by;
  const { id, studentId, studentName, className, title } = invoice;
  const purpose = purposes[invoice.purpose];
  const value = {
    invoiceId: id,
    studentId,
    paid: moneyMessage(invoice.total),
    purpose,
    studentName,
    className,
    title,
    paidAt,
    gateway,
    gatewayTransaction,
  };
  return announce('InvoicePaid', studentId, { $case: 'invoicePaid', value });
}

function accountCredited(receipt: Receipt, { invoice, excess, creditReason }: Placed): OutboxEvent {
  const { id, studentId, studentName, title } = invoice;
  const reason = CreditReason[creditReason];
  const bill = { invoiceId: id, invoiceTitle: title, receiptId: receipt.id };
  const value = { studentId, studentName, amount: moneyMessage(excess), reason, ...bill, meal: undefined, balance: undefined };
  return announce('AccountCredited', studentId, { $case: 'accountCredited', value });
}

function announce(fact: string, key: string, event: BillingEvent['event']): OutboxEvent {
  return { type: `school.billing.v1.${fact}`, key, payload: BillingEvent.encode({ event }).finish() };
}

/** The same shape is announced and answered, so it is made in one place. */
export function invoiceMessage(invoice: Invoice): InvoiceMessage {
  const { id, studentId, studentName, className, title, dueOn, issuedAt, runId = '' } = invoice;
  const purpose = purposes[invoice.purpose];
  const status = InvoiceStatus[invoice.status];
  const paidAt = invoice.status === 'PAID' ? invoice.paidAt : undefined;
  const money = {
    total: moneyMessage(invoice.total),
    paid: moneyMessage(paidOn(invoice)),
    creditApplied: moneyMessage(invoice.creditApplied),
  };
  return {
    invoiceId: id,
    studentId,
    studentName,
    className,
    title,
    purpose,
    status,
    lines: invoice.lines.map(lineMessage),
    ...money,
    dueOn,
    issuedAt,
    paidAt,
    runId,
  };
}

function lineMessage({ unitPrice, amount, ...same }: InvoiceLine): InvoiceMessage['lines'][number] {
  return { ...same, unitPrice: moneyMessage(unitPrice), amount: moneyMessage(amount) };
}

export function suspenseMessage(item: SuspenseItem): SuspenseMessage {
  const { id, gateway, gatewayTransaction, orderRef, amount, namedAmount, since } = item;
  const { resolvedAt, resolution, resolvedBy, invoiceId = '' } = item.status === 'RESOLVED' ? item : unresolved;
  return {
    suspenseId: id,
    reason: SuspenseReason[item.reason],
    gateway,
    gatewayTransaction,
    orderRef,
    amount: moneyMessage(amount),
    namedAmount: namedAmount && moneyMessage(namedAmount),
    since,
    resolvedAt,
    resolution,
    resolvedBy,
    invoiceId,
  };
}

const unresolved = { resolvedAt: undefined, resolution: '', resolvedBy: '', invoiceId: undefined } as const;

export function moneyMessage({ currency, minorUnits }: Money): MoneyMessage {
  return { currencyCode: currency, minorUnits };
}

const purposes = { FEES: InvoicePurpose.FEES, WALLET_TOP_UP: InvoicePurpose.WALLET_TOP_UP, MEALS: InvoicePurpose.MEALS } as const;
