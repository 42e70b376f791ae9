import { type SchoolDate, vnd, zero } from '@schoolbell/kernel';
import { describe, expect, test } from 'vitest';
import { type Invoice, issue, voidInvoice } from '../invoices/invoice.ts';
import type { PaymentAttempt } from '../payments/payment.ts';
import { bookInSuspense, bookOn } from './booking.ts';
import { clearing, credit, credited, debited, receivable, suspense } from './ledger.ts';

const now = new Date('2026-11-21T02:00:00Z');
const paidAt = new Date('2026-11-21T01:59:00Z');
const cause = { now, entryId: 'entry', causationId: 'notice' };
const money = { id: 'r', gateway: 'vnpay', gatewayTransaction: '7', orderRef: 'o', amount: vnd(100n), paidAt, receivedAt: now };
const bill = (total: bigint): Invoice =>
  issue({
    id: 'invoice',
    studentId: 'student',
    studentName: 'Bùi Thanh Giang',
    className: '1A',
    title: 'Thu tháng 11/2026',
    purpose: 'FEES',
    lines: [{ feeItemId: 'a', code: 'A', name: 'A', quantity: 1, unitPrice: vnd(total), amount: vnd(total) }],
    dueOn: '2026-11-30' as SchoolDate,
    issuedAt: now,
    runId: undefined,
  });
const attempt: PaymentAttempt = {
  id: 'a',
  orderRef: 'o',
  invoiceId: 'invoice',
  studentId: 'student',
  gateway: 'vnpay',
  amount: vnd(100n),
  wholeAmount: true,
  orderInfo: 'Thanh toan',
  payerIp: '203.0.113.7',
  language: 'vi',
  createdAt: now,
  expiresAt: now,
  noticeAt: undefined,
  version: 1,
  status: 'PENDING',
};

test('money of the gateway pays what is owed, and the rest is credit, in one entry named by its transaction', () => {
  const { entry, receipt, placed } = bookOn(bill(60n), money, {}, cause);
  expect(entry).toEqual({
    id: 'entry',
    reference: 'receipt:vnpay:7',
    kind: 'MONEY_RECEIVED',
    effectiveAt: paidAt,
    postedAt: now,
    causationId: 'notice',
    postings: [debited(clearing('vnpay'), vnd(100n)), credited(receivable('student'), vnd(60n)), credited(credit('student'), vnd(40n))],
  });
  expect(receipt.placement).toEqual({ at: 'INVOICE', invoiceId: 'invoice', studentId: 'student', applied: vnd(60n), excess: vnd(40n) });
  expect(placed).toMatchObject({ settled: true, creditReason: 'OVERPAID' });
});

test('money that fits nowhere yet is one entry, and what takes it out again another', () => {
  const waiting = bookInSuspense(money, 's', cause);
  expect(waiting.receipt.placement).toEqual({ at: 'SUSPENSE', suspenseId: 's' });
  expect(waiting.entry).toMatchObject({
    reference: 'receipt:vnpay:7',
    kind: 'MONEY_SUSPENDED',
    effectiveAt: paidAt,
    postings: [debited(clearing('vnpay'), vnd(100n)), credited(suspense, vnd(100n))],
  });
  const moved = bookOn(bill(100n), waiting.receipt, { suspenseId: 's' }, cause);
  expect(moved.entry).toMatchObject({
    reference: 'suspense:s',
    kind: 'SUSPENSE_RESOLVED',
    effectiveAt: now,
    postings: [debited(suspense, vnd(100n)), credited(receivable('student'), vnd(100n))],
  });
  expect(moved.receipt).toMatchObject({ id: 'r', placement: { at: 'INVOICE' } });
});

test('an attempt has its money once', () => {
  const { succeeded } = bookOn(bill(100n), money, { by: { attempt, noticeAt: paidAt } }, cause);
  expect(succeeded).toMatchObject({ status: 'SUCCEEDED', receiptId: 'r', settledAt: now, noticeAt: paidAt, version: 2 });
  if (!succeeded) throw new Error('it did not succeed');
  expect(bookOn(bill(100n), money, { by: { attempt: succeeded, noticeAt: now } }, cause).succeeded).toBeUndefined();
  expect(bookOn(bill(100n), money, {}, cause).succeeded).toBeUndefined();
});

describe('what an invoice does not take is credited, with the reason', () => {
  test.each([
    ['more than is owed', bill(60n), {}, { applied: vnd(60n), excess: vnd(40n), creditReason: 'OVERPAID' }],
    ['a second payment', bill(100n), { asCredit: true }, { applied: zero, excess: vnd(100n), creditReason: 'PAID_TWICE' }],
    ['paid already', bookOn(bill(60n), money, {}, cause).placed.invoice, {}, { excess: vnd(100n), creditReason: 'PAID_TWICE' }],
  ])('%s', (_, invoice, placing, placed) => {
    expect(bookOn(invoice, money, placing, cause).placed).toMatchObject(placed);
  });

  test('void', () => {
    const voided = voidInvoice(bill(60n), 'x', now);
    if (!voided.ok) throw new Error('refused');
    expect(bookOn(voided.value, money, {}, cause).placed).toMatchObject({ excess: vnd(100n), creditReason: 'INVOICE_VOID' });
  });
});
