import { type SchoolDate, vnd } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyPayment, issue, voidInvoice } from '../invoices/invoice.ts';
import {
  amountToAsk,
  expire,
  isNews,
  moveTo,
  type NoticeOutcome,
  noticed,
  orderInfoOf,
  orderRefOf,
  type PaymentAttempt,
} from './payment.ts';

const at = new Date('2026-11-21T02:00:00Z');
const later = new Date('2026-11-21T03:00:00Z');
const attempt: PaymentAttempt = {
  id: '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10',
  orderRef: '79000701-0198c1de6c1e7b5e9c1a0d3b1f6f2a10',
  invoiceId: 'invoice',
  studentId: 'student',
  gateway: 'vnpay',
  amount: vnd(100n),
  wholeAmount: true,
  orderInfo: 'Thanh toan',
  payerIp: '203.0.113.7',
  language: 'vi',
  createdAt: at,
  expiresAt: later,
  noticeAt: undefined,
  version: 1,
  status: 'PENDING',
};
const line = { feeItemId: 'a', code: 'A', name: 'A', quantity: 1, unitPrice: vnd(100n), amount: vnd(100n) };
const invoice = issue({
  id: 'invoice',
  studentId: 'student',
  studentName: 'Bùi Thanh Giang',
  className: '1A',
  title: 'Thu tháng 11/2026',
  purpose: 'FEES',
  lines: [line],
  dueOn: '2026-11-30' as SchoolDate,
  issuedAt: at,
  runId: undefined,
});

function after(outcomes: readonly NoticeOutcome[]): PaymentAttempt {
  return outcomes.reduce((before, outcome) => {
    if (!isNews(before, outcome)) return before;
    const facts = { settledAt: at, gatewayTransaction: '1' };
    return moveTo(before, outcome === 'SUCCEEDED' ? { status: outcome, ...facts, receiptId: 'r' } : { status: outcome, ...facts }, at);
  }, attempt);
}

test('success is final, and is believed after a failure, a doubt or an expiry', () => {
  expect(after(['SUCCEEDED', 'FAILED']).status).toBe('SUCCEEDED');
  expect(after(['FAILED', 'SUCCEEDED']).status).toBe('SUCCEEDED');
  expect(after(['HELD', 'SUCCEEDED']).status).toBe('SUCCEEDED');
  expect(after(['UNKNOWN', 'FAILED']).status).toBe('UNKNOWN');
  expect(isNews(expire(attempt), 'SUCCEEDED')).toBe(true);
});

test('in whatever order and however often notices come, the attempt ends in the same state', () => {
  const outcome = fc.constantFrom<NoticeOutcome>('SUCCEEDED', 'FAILED', 'HELD', 'UNKNOWN');
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (outcomes, random) => {
      const shuffled = [...outcomes, ...outcomes].map((each) => [random.next().value, each] as const).sort(([a], [b]) => a - b);
      expect(after(shuffled.map(([, each]) => each)).status).toBe(after(outcomes).status);
    }),
  );
});

test('only an attempt without an outcome expires, and the time of the first notice stays', () => {
  expect(expire(attempt)).toMatchObject({ status: 'EXPIRED', version: 2 });
  const failed = after(['FAILED']);
  expect(expire(failed)).toBe(failed);
  expect(noticed(attempt, at)).toMatchObject({ noticeAt: at, version: 2 });
  expect(noticed(noticed(attempt, at), later)).toMatchObject({ noticeAt: at, version: 2 });
});

test('an attempt asks for all that is owed or for a part of it, never for more', () => {
  const limit = vnd(1_000n);
  expect(amountToAsk(invoice, undefined, limit)).toEqual({ ok: true, value: vnd(100n) });
  expect(amountToAsk(invoice, vnd(40n), limit)).toEqual({ ok: true, value: vnd(40n) });
  expect(amountToAsk(invoice, vnd(101n), limit)).toEqual({
    ok: false,
    refusal: { code: 'AMOUNT_OVER_OUTSTANDING', outstanding: vnd(100n) },
  });
  expect(amountToAsk(invoice, vnd(0n), limit)).toEqual({ ok: false, refusal: { code: 'AMOUNT_NOT_POSITIVE' } });
  expect(amountToAsk(invoice, undefined, vnd(99n))).toEqual({ ok: false, refusal: { code: 'AMOUNT_OVER_GATEWAY_LIMIT', limit: vnd(99n) } });
});

test('nothing can be asked for on a paid or a void invoice', () => {
  const paid = applyPayment(invoice, vnd(100n), at).invoice;
  expect(amountToAsk(paid, undefined, vnd(1_000n))).toMatchObject({ refusal: { code: 'INVOICE_ALREADY_PAID' } });
  const voided = voidInvoice(invoice, 'x', at);
  if (!voided.ok) throw new Error('refused');
  expect(amountToAsk(voided.value, undefined, vnd(1_000n))).toMatchObject({ refusal: { code: 'INVOICE_IS_VOID' } });
});

test('what a gateway is shown is plain ASCII and begins with the code of the school', () => {
  expect(orderRefOf('79000701', attempt.id)).toBe('79000701-0198c1de6c1e7b5e9c1a0d3b1f6f2a10');
  expect(orderInfoOf('79000701', attempt.id)).toMatch(/^[A-Za-z0-9 ._-]+$/);
});
