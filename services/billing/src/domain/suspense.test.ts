import { vnd, zero } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { resolve, suspend } from './suspense.ts';

const since = new Date('2026-11-21T02:00:00Z');
const notice = {
  id: 'n',
  gateway: 'vnpay',
  orderRef: 'order',
  amount: vnd(100n),
  gatewayTransaction: '1',
  outcome: 'SUCCEEDED',
  paidAt: since,
} as const;
const money = suspend(notice, 'UNKNOWN_ORDER', { id: 'item', receiptId: 'receipt', since });
const question = suspend(notice, 'HELD_BY_GATEWAY', { id: 'item', receiptId: undefined, since });
const decision = { resolvedAt: since, resolution: 'phụ huynh xác nhận', resolvedBy: 'accountant', invoiceId: 'invoice' };

test('an item without a receipt holds no money', () => {
  expect(money.amount).toEqual(vnd(100n));
  expect(question.amount).toEqual(zero);
});

test('money must go on an invoice, and a question can only be closed', () => {
  expect(resolve(money, { ...decision, invoiceId: undefined })).toEqual({
    ok: false,
    refusal: { code: 'SUSPENSE_NEEDS_INVOICE', suspenseId: 'item', amount: vnd(100n) },
  });
  expect(resolve(question, decision)).toEqual({ ok: false, refusal: { code: 'SUSPENSE_HOLDS_NO_MONEY', suspenseId: 'item' } });
  expect(resolve(question, { ...decision, invoiceId: undefined })).toMatchObject({ ok: true, value: { status: 'RESOLVED' } });
});

test('the same decision again changes nothing, another one is refused', () => {
  const first = resolve(money, decision);
  if (!first.ok) throw new Error('refused');
  expect(resolve(first.value, { ...decision, resolvedAt: new Date() })).toEqual(first);
  expect(resolve(first.value, { ...decision, invoiceId: 'other' })).toMatchObject({ refusal: { code: 'SUSPENSE_ALREADY_RESOLVED' } });
});
