import { isZero, unreachable } from '@schoolbell/kernel';
import type { Invoice } from '../../domain/invoice.ts';
import { clearing, ledgerTxn, suspense } from '../../domain/ledger.ts';
import { type Kept, moveTo, noticed, type PaymentAttempt, type Receipt } from '../../domain/payment.ts';
import { type Answer, judge, type Placed, place, suspendedPostings, type Verdict } from '../../domain/settlement.ts';
import { resolve, type SuspenseItem, suspend, withMoney } from '../../domain/suspense.ts';
import { moneyPlaced, paymentSuspended, suspenseResolved } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

/** Decides what a verified notice means, books it, and answers what the gateway is told. A repeat finds what the first one did. */
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

async function carryOut(tx: BillingTx, verdict: Verdict, { kept, attempt, invoice }: Case): Promise<Answer> {
  switch (verdict.action) {
    case 'BOOK':
    case 'CREDIT':
      await book(tx, { attempt: verdict.attempt, invoice: invoiceOf(verdict.attempt, invoice) }, kept);
      return verdict.answer;
    case 'MOVE_FROM_SUSPENSE':
      await moveFromSuspense(tx, { verdict, invoice: invoiceOf(verdict.attempt, invoice) }, kept);
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

async function book(
  tx: BillingTx,
  { attempt, invoice }: { attempt: PaymentAttempt; invoice: Invoice },
  { notice, keptAt }: Kept,
): Promise<void> {
  const { amount, gateway, gatewayTransaction, orderRef, paidAt = tx.now } = notice;
  if (!amount) throw new Error('Money without an amount cannot be booked');
  const placed = place(invoice, { from: clearing(gateway), amount, paidAt, asCredit: attempt.status === 'SUCCEEDED' });
  const receipt: Receipt = {
    id: tx.newId(),
    gateway,
    gatewayTransaction,
    orderRef,
    amount,
    paidAt,
    receivedAt: tx.now,
    placement: placementOf(placed),
  };
  const doubted = attempt.status === 'HELD' || attempt.status === 'UNKNOWN';
  const doubts = doubted ? await tx.suspense.doubtsAbout([orderRef]) : [];
  // What is asked about other money of the order, this payment does not answer.
  const answered = doubts.filter((item) => item.gateway === gateway && item.gatewayTransaction === gatewayTransaction);

  tx.receipts.insert(receipt);
  succeed(tx, attempt, { receipt, keptAt });
  if (placed.invoice !== invoice) tx.invoices.save(placed.invoice);
  const entry = {
    id: tx.newId(),
    reference: `receipt:${gateway}:${gatewayTransaction}`,
    kind: 'MONEY_RECEIVED',
    effectiveAt: paidAt,
    postedAt: tx.now,
  } as const;
  tx.ledger.append([ledgerTxn({ ...entry, causationId: notice.id, postings: placed.postings })]);
  for (const event of moneyPlaced(receipt, placed)) tx.emit(event);
  for (const item of answered) close(tx, item, { invoiceId: undefined });
}

async function moveFromSuspense(
  tx: BillingTx,
  { verdict, invoice }: { verdict: Verdict & { action: 'MOVE_FROM_SUSPENSE' }; invoice: Invoice },
  { notice, keptAt }: Kept,
): Promise<void> {
  const { attempt, receipt: before, suspenseId } = verdict;
  const item = await tx.suspense.find(suspenseId);
  if (!item) throw new Error(`Suspense item ${suspenseId} is missing`);
  const { amount, paidAt } = before;
  const placed = place(invoice, { from: suspense, amount, paidAt, asCredit: attempt.status === 'SUCCEEDED' });
  const receipt: Receipt = { ...before, placement: placementOf(placed) };

  tx.receipts.placed(receipt);
  succeed(tx, attempt, { receipt, keptAt });
  if (placed.invoice !== invoice) tx.invoices.save(placed.invoice);
  const entry = {
    id: tx.newId(),
    reference: `suspense:${suspenseId}`,
    kind: 'SUSPENSE_RESOLVED',
    effectiveAt: tx.now,
    postedAt: tx.now,
  } as const;
  tx.ledger.append([ledgerTxn({ ...entry, causationId: notice.id, postings: placed.postings })]);
  for (const event of moneyPlaced(receipt, placed)) tx.emit(event);
  close(tx, item, { invoiceId: invoice.id });
}

/** Money that fits nowhere is booked all the same: refusing the notice would not send it back. */
async function suspendMoney(tx: BillingTx, reason: 'UNKNOWN_ORDER' | 'AMOUNT_DIFFERS', { notice }: Kept): Promise<void> {
  const { amount, gateway, gatewayTransaction, orderRef, paidAt = tx.now } = notice;
  if (!amount) throw new Error('Money without an amount cannot be booked');
  const receiptId = tx.newId();
  // The same transaction may have come before with a figure that could not be booked: then its item has no money yet.
  const asked = await tx.suspense.sameAs(notice, reason);
  const item = asked ? withMoney(asked, { amount, receiptId }) : suspend(notice, reason, { id: tx.newId(), receiptId, since: tx.now });

  tx.receipts.insert({
    id: receiptId,
    gateway,
    gatewayTransaction,
    orderRef,
    amount,
    paidAt,
    receivedAt: tx.now,
    placement: { at: 'SUSPENSE', suspenseId: item.id },
  });
  if (asked) tx.suspense.gotMoney(item);
  else tx.suspense.insert(item);
  const entry = {
    id: tx.newId(),
    reference: `receipt:${gateway}:${gatewayTransaction}`,
    kind: 'MONEY_SUSPENDED',
    effectiveAt: paidAt,
    postedAt: tx.now,
  } as const;
  tx.ledger.append([ledgerTxn({ ...entry, causationId: notice.id, postings: suspendedPostings(gateway, amount) })]);
  tx.emit(paymentSuspended(item));
}

async function askAPerson(tx: BillingTx, verdict: Verdict & { action: 'ASK_A_PERSON' }, { notice, keptAt }: Kept): Promise<Answer> {
  const { reason, attempt, answer } = verdict;
  const { gatewayTransaction } = notice;
  const asked = (await tx.suspense.sameAs(notice, reason)) !== undefined;

  if (attempt && (notice.outcome === 'HELD' || notice.outcome === 'UNKNOWN')) {
    tx.attempts.save(moveTo(attempt, { status: notice.outcome, settledAt: tx.now, gatewayTransaction }, keptAt));
  }
  if (!asked) {
    const item = suspend(notice, reason, { id: tx.newId(), receiptId: undefined, since: tx.now });
    tx.suspense.insert(item);
    tx.emit(paymentSuspended(item));
  }
  return asked && !attempt && answer === 'CONFIRMED' ? 'ALREADY_CONFIRMED' : answer;
}

function succeed(tx: BillingTx, attempt: PaymentAttempt, { receipt, keptAt }: { receipt: Receipt; keptAt: Date }): void {
  if (attempt.status === 'SUCCEEDED') return;
  const { id: receiptId, gatewayTransaction } = receipt;
  tx.attempts.save(moveTo(attempt, { status: 'SUCCEEDED', settledAt: tx.now, gatewayTransaction, receiptId }, keptAt));
}

/** Ends an item that a later notice of the gateway answered. */
function close(tx: BillingTx, item: SuspenseItem, { invoiceId }: { invoiceId: string | undefined }): void {
  if (item.status === 'RESOLVED' || isZero(item.amount) !== (invoiceId === undefined)) return;
  const resolution = invoiceId === undefined ? 'The gateway confirmed the payment' : 'The order of the payment appeared';
  const resolved = resolve(item, { resolvedAt: tx.now, resolution, resolvedBy: 'gateway', invoiceId });
  if (!resolved.ok) throw new Error(`Suspense item ${item.id} cannot be closed: ${resolved.refusal.code}`);
  tx.suspense.resolved(resolved.value);
  tx.emit(suspenseResolved(resolved.value));
}

function invoiceOf({ orderRef }: PaymentAttempt, invoice: Invoice | undefined): Invoice {
  if (!invoice) throw new Error(`Order ${orderRef} has no invoice`);
  return invoice;
}

function placementOf({ invoice, applied, excess }: Placed): Receipt['placement'] {
  return { at: 'INVOICE', invoiceId: invoice.id, studentId: invoice.studentId, applied, excess };
}
