import { unreachable } from '@schoolbell/kernel';
import type { Invoice } from '../../domain/invoices/invoice.ts';
import { bookInSuspense, bookOn, type Cause, type MoneyIn, type PlacedBooking } from '../../domain/ledger/booking.ts';
import { type Kept, moveTo, noticed, type PaymentAttempt, type PaymentNotice } from '../../domain/payments/payment.ts';
import { type Answer, judge, type Verdict } from '../../domain/payments/settlement.ts';
import { ended, type SuspenseItem, suspend, withMoney } from '../../domain/payments/suspense.ts';
import { moneyPlaced, paymentSuspended, suspenseResolved } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

/** Decides what a verified notice means, books it, and returns the answer for the gateway. A repeat finds what the first one did. */
export async function settlePayment(tx: BillingTx, { notice, keptAt: thisKeptAt }: Kept): Promise<Answer> {
  const { attempt, receipt, invoice, keptAt = thisKeptAt } = await tx.settlements.lookUp(notice);
  const kept = { notice, keptAt };
  const answer = await carryOut(tx, judge(notice, attempt, receipt), { kept, attempt, invoice });
  tx.notices.settled(notice, answer, keptAt);
  return answer;
}

interface Case {
  readonly kept: Kept;
  readonly attempt: PaymentAttempt | undefined;
  readonly invoice: Invoice | undefined;
}

interface Order {
  readonly attempt: PaymentAttempt;
  readonly invoice: Invoice;
}

type Waiting = Pick<Verdict & { action: 'MOVE_FROM_SUSPENSE' }, 'receipt' | 'suspenseId'>;

async function carryOut(tx: BillingTx, verdict: Verdict, { kept, attempt, invoice }: Case): Promise<Answer> {
  switch (verdict.action) {
    case 'BOOK':
    case 'CREDIT':
      await book(tx, orderOf(verdict.attempt, invoice), kept);
      return verdict.answer;
    case 'MOVE_FROM_SUSPENSE':
      await moveFromSuspense(tx, orderOf(verdict.attempt, invoice), kept, verdict);
      return verdict.answer;
    case 'SUSPEND':
      await suspendMoney(tx, verdict.reason, kept);
      if (attempt && !attempt.noticeAt) tx.attempts.save(noticed(attempt, kept.keptAt));
      return verdict.answer;
    case 'ASK_A_PERSON':
      return askAPerson(tx, verdict, kept);
    case 'RECORD_FAILURE': {
      const { gatewayTransaction } = kept.notice;
      tx.attempts.save(moveTo(verdict.attempt, { status: 'FAILED', settledAt: tx.now, gatewayTransaction }, kept.keptAt));
      return verdict.answer;
    }
    case 'NOTHING':
      return verdict.answer;
    default:
      return unreachable(verdict);
  }
}

async function book(tx: BillingTx, { attempt, invoice }: Order, { notice, keptAt }: Kept): Promise<void> {
  const { gateway, gatewayTransaction, orderRef } = notice;
  const doubted = attempt.status === 'HELD' || attempt.status === 'UNKNOWN';
  const doubts = doubted ? await tx.suspense.doubtsAbout([orderRef]) : [];
  // This payment does not answer questions about other money of the order.
  const answered = doubts.filter((item) => item.gateway === gateway && item.gatewayTransaction === gatewayTransaction);
  const placing = { by: { attempt, noticeAt: keptAt }, asCredit: attempt.status === 'SUCCEEDED' };
  const booking = bookOn(invoice, moneyOf(tx, notice), placing, causeOf(tx, notice));

  tx.settlements.place(booking);
  for (const event of moneyPlaced(booking)) tx.emit(event);
  for (const item of answered) close(tx, item, booking);
}

async function moveFromSuspense(tx: BillingTx, { attempt, invoice }: Order, { notice, keptAt }: Kept, before: Waiting): Promise<void> {
  const { receipt, suspenseId } = before;
  const item = await tx.suspense.find(suspenseId);
  if (!item) throw new Error(`Suspense item ${suspenseId} is missing`);
  const placing = { suspenseId, by: { attempt, noticeAt: keptAt }, asCredit: attempt.status === 'SUCCEEDED' };
  const booking = bookOn(invoice, receipt, placing, causeOf(tx, notice));

  tx.settlements.place(booking);
  for (const event of moneyPlaced(booking)) tx.emit(event);
  close(tx, item, booking);
}

/** Money that fits nowhere is booked all the same: refusing the notice would not send it back. */
async function suspendMoney(tx: BillingTx, reason: 'UNKNOWN_ORDER' | 'AMOUNT_DIFFERS', { notice }: Kept): Promise<void> {
  const money = moneyOf(tx, notice);
  const { id: receiptId, amount } = money;
  // The same transaction may have come before with a figure that could not be booked: then its item has no money yet.
  const existing = await tx.suspense.sameAs(notice, reason);
  const item = existing
    ? withMoney(existing, { amount, receiptId })
    : suspend(notice, reason, { id: tx.newId(), receiptId, since: tx.now });

  tx.settlements.book(bookInSuspense(money, item.id, causeOf(tx, notice)));
  if (existing) tx.suspense.gotMoney(item);
  else tx.suspense.insert(item);
  tx.emit(paymentSuspended(item));
}

async function askAPerson(tx: BillingTx, verdict: Verdict & { action: 'ASK_A_PERSON' }, { notice, keptAt }: Kept): Promise<Answer> {
  const { reason, attempt, answer } = verdict;
  const { gatewayTransaction } = notice;
  const isKnown = (await tx.suspense.sameAs(notice, reason)) !== undefined;

  if (attempt && (notice.outcome === 'HELD' || notice.outcome === 'UNKNOWN')) {
    tx.attempts.save(moveTo(attempt, { status: notice.outcome, settledAt: tx.now, gatewayTransaction }, keptAt));
  }
  if (!isKnown) {
    const item = suspend(notice, reason, { id: tx.newId(), receiptId: undefined, since: tx.now });
    tx.suspense.insert(item);
    tx.emit(paymentSuspended(item));
  }
  return isKnown && !attempt && answer === 'CONFIRMED' ? 'ALREADY_CONFIRMED' : answer;
}

/** Ends an item that a later notice of the gateway answered. */
function close(tx: BillingTx, item: SuspenseItem, { receipt, placed, entry }: PlacedBooking): void {
  if (item.status === 'RESOLVED') return;
  const resolution = entry.kind === 'MONEY_RECEIVED' ? 'The gateway confirmed the payment' : 'The order of the payment appeared';
  const answer = { resolvedAt: tx.now, resolution, resolvedBy: 'gateway', invoiceId: placed.invoice.id };
  const resolved = ended(item, answer, receipt.id);
  tx.suspense.resolved(resolved, item);
  tx.emit(suspenseResolved(resolved));
}

function moneyOf(tx: BillingTx, { amount, gateway, gatewayTransaction, orderRef, paidAt = tx.now }: PaymentNotice): MoneyIn {
  if (!amount) throw new Error('Money without an amount cannot be booked');
  return { id: tx.newId(), gateway, gatewayTransaction, orderRef, amount, paidAt, receivedAt: tx.now };
}

function causeOf(tx: BillingTx, { id: causationId }: PaymentNotice): Cause {
  return { now: tx.now, entryId: tx.newId(), causationId };
}

function orderOf(attempt: PaymentAttempt, invoice: Invoice | undefined): Order {
  if (!invoice) throw new Error(`Order ${attempt.orderRef} has no invoice`);
  return { attempt, invoice };
}
