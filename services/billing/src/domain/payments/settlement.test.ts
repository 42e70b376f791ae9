import { type Money, plus, type SchoolDate, sum, vnd, zero } from '@schoolbell/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Invoice, issue, issuePostings, paidOn } from '../invoices/invoice.ts';
import { type Booking, bookInSuspense, bookOn } from '../ledger/booking.ts';
import { type LedgerTxn, ledgerTxn, movements } from '../ledger/ledger.ts';
import { moveTo, type NoticeOutcome, type PaymentAttempt, type PaymentNotice, type Receipt } from './payment.ts';
import { type Answer, judge, nextTryAt } from './settlement.ts';

const at = new Date('2026-11-21T02:00:00Z');
const notice = (facts: Partial<PaymentNotice> = {}): PaymentNotice => ({
  id: 'n',
  gateway: 'vnpay',
  orderRef: 'order-0',
  amount: vnd(100n),
  gatewayTransaction: '1',
  outcome: 'SUCCEEDED',
  paidAt: at,
  ...facts,
});
const attempt = (facts: { orderRef?: string; amount?: Money } = {}): PaymentAttempt => ({
  id: 'a',
  orderRef: 'order-0',
  invoiceId: 'invoice',
  studentId: 'student',
  gateway: 'vnpay',
  amount: vnd(100n),
  wholeAmount: true,
  orderInfo: 'Thanh toan',
  payerIp: '203.0.113.7',
  language: 'vi',
  createdAt: at,
  expiresAt: at,
  noticeAt: undefined,
  version: 1,
  status: 'PENDING',
  ...facts,
});
const paid = moveTo(attempt(), { status: 'SUCCEEDED', settledAt: at, gatewayTransaction: '1', receiptId: 'r' }, at);
const failed = moveTo(attempt(), { status: 'FAILED', settledAt: at, gatewayTransaction: '0' }, at);
const receipt = (facts: Partial<Receipt> = {}): Receipt => ({
  id: 'r',
  gateway: 'vnpay',
  gatewayTransaction: '1',
  orderRef: 'order-0',
  amount: vnd(100n),
  paidAt: at,
  receivedAt: at,
  placement: { at: 'INVOICE', invoiceId: 'invoice', studentId: 'student', applied: vnd(100n), excess: zero },
  ...facts,
});
const waiting = receipt({ placement: { at: 'SUSPENSE', suspenseId: 's' } });
const draft = (total: bigint): Invoice =>
  issue({
    id: 'invoice',
    studentId: 'student',
    studentName: 'Bùi Thanh Giang',
    className: '1A',
    title: 'Thu tháng 11/2026',
    purpose: 'FEES',
    lines: [{ feeItemId: 'a', code: 'A', name: 'A', quantity: 1, unitPrice: vnd(total), amount: vnd(total) }],
    dueOn: '2026-11-30' as SchoolDate,
    issuedAt: at,
    runId: undefined,
  });

describe('success', () => {
  test.each([
    ['is booked on its order', attempt(), undefined, 'BOOK', 'CONFIRMED'],
    ['is booked after a failure, because the money is real', failed, undefined, 'BOOK', 'CONFIRMED'],
    ['comes again', paid, receipt(), 'NOTHING', 'ALREADY_CONFIRMED'],
    ['under another transaction is a second payment', paid, undefined, 'CREDIT', 'ALREADY_CONFIRMED'],
    ['for an unknown order waits in suspense', undefined, undefined, 'SUSPEND', 'UNKNOWN_ORDER'],
    ['for an unknown order comes again', undefined, waiting, 'NOTHING', 'UNKNOWN_ORDER'],
    ['leaves suspense when its order appears', attempt(), waiting, 'MOVE_FROM_SUSPENSE', 'CONFIRMED'],
    ['leaves suspense for an order that was paid meanwhile', paid, waiting, 'MOVE_FROM_SUSPENSE', 'ALREADY_CONFIRMED'],
    ['of another amount waits in suspense', attempt({ amount: vnd(90n) }), undefined, 'SUSPEND', 'AMOUNT_DIFFERS'],
    ['of another amount comes again', attempt({ amount: vnd(90n) }), waiting, 'NOTHING', 'AMOUNT_DIFFERS'],
    ['of a known transaction for another order', attempt(), receipt({ orderRef: 'other' }), 'ASK_A_PERSON', 'CONFIRMED'],
    ['of a known transaction, other amount', attempt(), receipt({ amount: vnd(99n) }), 'ASK_A_PERSON', 'CONFIRMED'],
    ['of a known transaction for a paid order', paid, receipt({ orderRef: 'other' }), 'ASK_A_PERSON', 'ALREADY_CONFIRMED'],
    ['of a known transaction for an unknown order', undefined, receipt({ orderRef: 'other' }), 'ASK_A_PERSON', 'UNKNOWN_ORDER'],
  ] as const)('%s', (_, known, earlier, action, answer) => {
    expect(judge(notice(), known, earlier)).toMatchObject({ action, answer });
  });

  test('with a figure that is no whole đồng is never booked', () => {
    expect(judge(notice({ amount: undefined }), attempt(), undefined)).toMatchObject({
      action: 'ASK_A_PERSON',
      reason: 'AMOUNT_DIFFERS',
      answer: 'AMOUNT_DIFFERS',
    });
    expect(judge(notice({ amount: undefined }), undefined, undefined)).toMatchObject({ reason: 'UNKNOWN_ORDER', answer: 'UNKNOWN_ORDER' });
  });
});

describe('no success', () => {
  test.each([
    ['a failure is recorded', 'FAILED', attempt(), 'RECORD_FAILURE', 'CONFIRMED'],
    ['a failure comes again', 'FAILED', failed, 'NOTHING', 'ALREADY_CONFIRMED'],
    ['a failure after success is an old message', 'FAILED', paid, 'NOTHING', 'ALREADY_CONFIRMED'],
    ['a failure of an unknown order books nothing', 'FAILED', undefined, 'NOTHING', 'UNKNOWN_ORDER'],
    ['a failure of another amount books nothing', 'FAILED', attempt({ amount: vnd(1n) }), 'NOTHING', 'AMOUNT_DIFFERS'],
    ['held money is for a person', 'HELD', attempt(), 'ASK_A_PERSON', 'CONFIRMED'],
    ['an unknown outcome is for a person', 'UNKNOWN', attempt(), 'ASK_A_PERSON', 'CONFIRMED'],
    ['a doubt after success is an old message', 'HELD', paid, 'NOTHING', 'ALREADY_CONFIRMED'],
    ['a doubt about an unknown order is for a person', 'HELD', undefined, 'ASK_A_PERSON', 'UNKNOWN_ORDER'],
  ] as const)('%s', (_, outcome, known, action, answer) => {
    expect(judge(notice({ outcome }), known, undefined)).toMatchObject({ action, answer });
  });
});

test('a notice without its order is looked at often while it is new, once a day when it is old', () => {
  const after = (ms: number) => nextTryAt(at, new Date(at.getTime() + ms)).getTime() - at.getTime() - ms;
  expect(after(0)).toBe(15_000);
  expect(after(60_000)).toBe(60_000);
  expect(after(90 * 86_400_000)).toBe(86_400_000);
});

/** The books of one school in memory, kept by the same decisions as the use case keeps them. */
function openBooks(orders: readonly PaymentAttempt[], total: bigint) {
  const attempts = new Map(orders.map((order) => [order.orderRef, order]));
  const receipts = new Map<string, Receipt>();
  let invoice = draft(total);
  const txns: LedgerTxn[] = [];
  const causeOf = (reference: string) => ({ now: at, entryId: reference, causationId: 'c' });
  const write = ({ receipt: booked, entry }: Booking) => {
    receipts.set(booked.gatewayTransaction, booked);
    txns.push(entry);
  };
  const issued = { id: 'invoice', reference: 'invoice', effectiveAt: at, postedAt: at, causationId: 'c' };
  txns.push(ledgerTxn({ ...issued, kind: 'INVOICE_ISSUED', postings: issuePostings(invoice) }));
  return {
    hear(heard: PaymentNotice): Answer {
      const { gatewayTransaction, orderRef, amount = zero } = heard;
      const verdict = judge(heard, attempts.get(orderRef), receipts.get(gatewayTransaction));
      const money = receipt({ gatewayTransaction, orderRef, amount });
      const settle = (known: PaymentAttempt, from: { suspenseId?: string } = {}) => {
        const placing = { ...from, by: { attempt: known, noticeAt: at }, asCredit: known.status === 'SUCCEEDED' };
        const booking = bookOn(invoice, money, placing, causeOf(gatewayTransaction));
        write(booking);
        invoice = booking.placed.invoice;
        if (booking.succeeded) attempts.set(known.orderRef, booking.succeeded);
      };
      if (verdict.action === 'BOOK' || verdict.action === 'CREDIT') settle(verdict.attempt);
      if (verdict.action === 'MOVE_FROM_SUSPENSE') settle(verdict.attempt, verdict);
      if (verdict.action === 'SUSPEND') write(bookInSuspense(money, `of ${gatewayTransaction}`, causeOf(gatewayTransaction)));
      if (verdict.action === 'RECORD_FAILURE') {
        attempts.set(heard.orderRef, moveTo(verdict.attempt, { status: 'FAILED', settledAt: at, gatewayTransaction: '0' }, at));
      }
      return verdict.answer;
    },
    appear: (order: PaymentAttempt) => void (attempts.has(order.orderRef) || attempts.set(order.orderRef, order)),
    state: () => ({ invoice, txns: [...txns], receipts: [...receipts.values()], attempts: [...attempts.values()] }),
  };
}

const amounts = fc.constantFrom(50n, 100n, 150n);
const heard = fc
  .record({
    orderRef: fc.constantFrom('order-0', 'order-1', 'order-2', 'order-3'),
    amount: amounts.map(vnd),
    gatewayTransaction: fc.constantFrom('1', '2', '3', '4', '5'),
    outcome: fc.constantFrom<NoticeOutcome>('SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'HELD', 'UNKNOWN'),
  })
  .map(notice);
const late = attempt({ orderRef: 'order-2' });
const step = fc.oneof({ weight: 8, arbitrary: heard }, { weight: 1, arbitrary: fc.constant(late) });

test('whatever notices come in whatever order, every đồng of every transaction stands somewhere, once, and the books balance', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), amounts, (steps, total) => {
      const books = openBooks([attempt(), attempt({ orderRef: 'order-1', amount: vnd(50n) })], total);
      const firstAmounts = new Map<string, Money>();
      for (const each of steps) {
        if ('outcome' in each) {
          if (each.outcome === 'SUCCEEDED' && each.amount && !firstAmounts.has(each.gatewayTransaction))
            firstAmounts.set(each.gatewayTransaction, each.amount);
          books.hear(each);
        } else books.appear(each);
      }
      const { invoice, txns, receipts } = books.state();
      const rows = movements(txns);
      expect(sum(rows.map((row) => row.debit))).toEqual(sum(rows.map((row) => row.credit)));
      expect(new Set(txns.map((txn) => txn.reference)).size).toBe(txns.length);
      const of = (account: string) => rows.find((row) => row.account === account) ?? { debit: zero, credit: zero };
      expect(of('clearing:vnpay').debit).toEqual(sum(firstAmounts.values()));
      expect(of('receivable:student').credit).toEqual(paidOn(invoice));
      const inSuspense = sum(receipts.filter(({ placement }) => placement.at === 'SUSPENSE').map(({ amount }) => amount));
      expect(plus(of('suspense:unapplied').debit, inSuspense)).toEqual(of('suspense:unapplied').credit);
      expect(plus(plus(paidOn(invoice), of('credit:student').credit), inSuspense)).toEqual(sum(firstAmounts.values()));
    }),
    { numRuns: 300 },
  );
});

test('all notices again change nothing, and no repeat is confirmed a second time', () => {
  fc.assert(
    fc.property(fc.array(heard, { maxLength: 20 }), (notices) => {
      const books = openBooks([attempt(), attempt({ orderRef: 'order-1', amount: vnd(50n) })], 100n);
      const sameFacts = new Map(notices.map((each) => [each.gatewayTransaction, each]));
      const told = [...sameFacts.values()].map((each) => ({
        ...each,
        outcome: each.outcome === 'SUCCEEDED' ? each.outcome : ('FAILED' as const),
      }));
      for (const each of told) books.hear(each);
      const before = books.state();
      const answers = told.map((each) => books.hear(each));
      expect(books.state()).toEqual(before);
      expect(answers).not.toContain('CONFIRMED');
    }),
  );
});
