import { vnd, zero } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { ended, resolve, suspend } from './suspense.ts';

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
const resolution = { resolvedAt: since, resolution: 'phụ huynh xác nhận', resolvedBy: 'accountant', invoiceId: 'invoice' };
const decision = { ...resolution, moneyReceived: false };
const seen = { ...decision, moneyReceived: true };

test('an item without a receipt holds no money', () => {
  expect(money.amount).toEqual(vnd(100n));
  expect(question.amount).toEqual(zero);
  expect([money.namedAmount, question.namedAmount]).toEqual([vnd(100n), vnd(100n)]);
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

test('a question whose money was seen names the amount and the transaction that are booked, and the invoice', () => {
  expect(resolve(question, seen)).toMatchObject({ ok: true, value: { status: 'RESOLVED', invoiceId: 'invoice', amount: zero } });
  const refusals = [
    [money, seen, { code: 'SUSPENSE_HOLDS_MONEY', amount: vnd(100n) }],
    [{ ...question, namedAmount: undefined }, seen, { code: 'SUSPENSE_NAMES_NO_AMOUNT' }],
    [{ ...question, namedAmount: zero }, seen, { code: 'SUSPENSE_NAMES_NO_AMOUNT' }],
    [{ ...question, gatewayTransaction: '0' }, seen, { code: 'SUSPENSE_NAMES_NO_TRANSACTION' }],
    [{ ...question, gatewayTransaction: '' }, seen, { code: 'SUSPENSE_NAMES_NO_TRANSACTION' }],
    [question, { ...seen, invoiceId: undefined }, { code: 'SUSPENSE_NEEDS_INVOICE', amount: vnd(100n) }],
  ] as const;
  for (const [item, asked, refusal] of refusals)
    expect(resolve(item, asked)).toEqual({ ok: false, refusal: { ...refusal, suspenseId: 'item' } });
});

test('a question that was closed too early can still be answered with its money, once', () => {
  const closed = resolve(question, { ...decision, invoiceId: undefined });
  if (!closed.ok) throw new Error('refused');
  expect(resolve(closed.value, seen)).toMatchObject({ ok: true, value: { invoiceId: 'invoice' } });
  const booked = ended(closed.value, resolution, 'receipt');
  expect(resolve(booked, seen)).toEqual({ ok: true, value: booked });
  for (const other of [decision, { ...seen, invoiceId: 'other' }, { ...seen, resolution: 'x' }])
    expect(resolve(booked, other)).toMatchObject({ refusal: { code: 'SUSPENSE_ALREADY_RESOLVED' } });
});
