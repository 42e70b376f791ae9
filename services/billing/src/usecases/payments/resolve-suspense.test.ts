import { vnd } from '@schoolbell/kernel';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Billing, noticeFor, testSchools } from '../../../test/given.ts';
import type { PaymentNotice } from '../../domain/payments/payment.ts';
import { type Decision, resolveSuspense } from './resolve-suspense.ts';

const schools = testSchools();
let billing: Billing;
beforeEach(() => {
  billing = schools.newSchool();
});

async function suspended(facts: Parameters<typeof noticeFor>[1] = {}): Promise<string> {
  await billing.receive(noticeFor({ orderRef: crypto.randomUUID(), amount: vnd(2_000_000n) }, facts));
  const { rows } = await billing.read((tx) => tx.suspense.list({ includeResolved: false, after: '', size: 1 }));
  return rows[0]?.id ?? '';
}
const decide = (decision: Partial<Decision> & { suspenseId: string }) =>
  billing.transact((tx) =>
    resolveSuspense(tx, { invoiceId: undefined, moneyReceived: false, reason: 'phụ huynh gửi chứng từ', decidedBy: 'user-7', ...decision }),
  );

test('money is put on the invoice a person names, what is over is credited, and who decided and why is kept', async () => {
  const invoice = await billing.given.openInvoice();
  const suspenseId = await suspended();
  const resolved = await decide({ suspenseId, invoiceId: invoice.id });
  expect(resolved).toMatchObject({
    ok: true,
    value: { status: 'RESOLVED', resolution: 'phụ huynh gửi chứng từ', resolvedBy: 'user-7', invoiceId: invoice.id },
  });
  expect(await billing.read((tx) => tx.invoices.find(invoice.id))).toMatchObject({ status: 'PAID' });
  expect(await billing.books()).toMatchObject({
    'suspense:unapplied': 0n,
    [`credit:${invoice.studentId}`]: -500_000n,
    [`receivable:${invoice.studentId}`]: 0n,
  });
  expect((await billing.announced()).map(({ $case }) => $case)).toEqual([
    'invoiceIssued',
    'paymentSuspended',
    'paymentReceived',
    'invoicePaid',
    'accountCredited',
    'suspenseResolved',
  ]);

  expect(await decide({ suspenseId, invoiceId: invoice.id })).toEqual(resolved);
  expect(await billing.count('ledger')).toBe(3);
});

test('two people who decide at once decide once', async () => {
  const suspenseId = await suspended();
  const invoices = [await billing.given.openInvoice(), await billing.given.openInvoice()];
  const results = await Promise.all(invoices.map(({ id }) => decide({ suspenseId, invoiceId: id })));
  expect(results.map((result) => (result.ok ? 'OK' : result.refusal.code)).sort()).toEqual(['OK', 'SUSPENSE_ALREADY_RESOLVED']);
  await billing.books();
});

test('money cannot be closed away, a question can only be closed, and both must exist', async () => {
  const money = await suspended();
  expect(await decide({ suspenseId: money })).toMatchObject({ refusal: { code: 'SUSPENSE_NEEDS_INVOICE', amount: vnd(2_000_000n) } });
  expect(await decide({ suspenseId: money, invoiceId: 'nothing' })).toMatchObject({ refusal: { code: 'INVOICE_NOT_FOUND' } });
  expect(await decide({ suspenseId: 'nothing' })).toMatchObject({ refusal: { code: 'SUSPENSE_NOT_FOUND' } });
  await decide({ suspenseId: money, invoiceId: (await billing.given.openInvoice()).id });

  const question = await suspended({ outcome: 'HELD', gatewayTransaction: '9' });
  expect(await decide({ suspenseId: question, invoiceId: 'any' })).toMatchObject({ refusal: { code: 'SUSPENSE_HOLDS_NO_MONEY' } });
  expect(await decide({ suspenseId: question })).toMatchObject({ ok: true, value: { status: 'RESOLVED' } });
});

describe('money that a person has seen on the statement', () => {
  const workList = async () => (await billing.read((tx) => tx.suspense.list({ includeResolved: true, after: '', size: 9 }))).rows;
  const statusOf = (attemptId: string) => billing.read((tx) => tx.attempts.find(attemptId));
  /** An order about whose money VNPAY is in doubt, and the item of the work list. */
  async function doubted(facts: Partial<PaymentNotice> = {}) {
    const invoice = await billing.given.openInvoice();
    const attempt = await billing.given.attempt(invoice);
    await billing.receive(noticeFor(attempt, { outcome: 'HELD', ...facts }));
    const suspenseId = (await workList()).at(-1)?.id ?? '';
    return { invoice, attempt, suspenseId, see: { suspenseId, invoiceId: invoice.id, moneyReceived: true } };
  }
  const answersOf = (results: readonly Awaited<ReturnType<typeof decide>>[]) =>
    results.map((result) => (result.ok ? 'OK' : result.refusal.code)).sort();

  test.each(['HELD', 'UNKNOWN'] as const)('is a payment like any other: %s', async (outcome) => {
    const { invoice, attempt, see } = await doubted({ outcome });
    const resolved = await decide(see);
    expect(resolved).toMatchObject({
      ok: true,
      value: { status: 'RESOLVED', resolvedBy: 'user-7', invoiceId: invoice.id, amount: vnd(0n), namedAmount: vnd(1_500_000n) },
    });
    expect(await billing.read((tx) => tx.invoices.find(invoice.id))).toMatchObject({
      status: 'PAID',
      paidAt: new Date('2026-11-21T01:59:00Z'),
    });
    expect(await statusOf(attempt.id)).toMatchObject({ status: 'SUCCEEDED', gatewayTransaction: '14422574' });
    expect(await billing.books()).toEqual({
      'clearing:vnpay': 1_500_000n,
      [`receivable:${invoice.studentId}`]: 0n,
      'revenue:BAN_TRU': -1_500_000n,
    });
    const announced = await billing.announced();
    expect(announced.map(({ $case }) => $case)).toEqual([
      'invoiceIssued',
      'paymentSuspended',
      'paymentReceived',
      'invoicePaid',
      'suspenseResolved',
    ]);
    expect(announced.at(-1)).toMatchObject({
      value: { invoiceId: invoice.id, item: { invoiceId: invoice.id, resolvedBy: 'user-7', namedAmount: { minorUnits: 1_500_000n } } },
    });

    expect(await decide(see)).toEqual(resolved);
    expect(await decide({ ...see, moneyReceived: false })).toMatchObject({ refusal: { code: 'SUSPENSE_ALREADY_RESOLVED' } });
    expect([await billing.count('receipts'), await billing.count('ledger')]).toEqual([1, 2]);
  });

  test('is not booked again by the success that comes later', async () => {
    const { attempt, see } = await doubted();
    await decide(see);
    expect(await billing.receive(noticeFor(attempt))).toBe('ALREADY_CONFIRMED');
    expect([await billing.count('receipts'), await billing.count('ledger'), await billing.count('suspense')]).toEqual([1, 2, 1]);
  });

  test('is booked once where the success comes at the same moment', async () => {
    const { attempt, see } = await doubted();
    const [answer, resolved] = await Promise.all([billing.receive(noticeFor(attempt)), decide(see)]);
    expect([
      ['CONFIRMED', 'SUSPENSE_ALREADY_RESOLVED'],
      ['ALREADY_CONFIRMED', 'OK'],
    ]).toContainEqual([answer, ...answersOf([resolved])]);
    expect([await billing.count('receipts'), await billing.count('ledger')]).toEqual([1, 2]);
    expect(await billing.books()).toMatchObject({ 'clearing:vnpay': 1_500_000n });
    expect((await workList()).map(({ status }) => status)).toEqual(['RESOLVED']);
  });

  test('is booked once by two who have seen it', async () => {
    const { see } = await doubted();
    const other = await billing.given.openInvoice();
    expect(answersOf(await Promise.all([decide(see), decide({ ...see, invoiceId: other.id })]))).toEqual([
      'OK',
      'SUSPENSE_ALREADY_RESOLVED',
    ]);
    expect(await billing.books()).toMatchObject({ 'clearing:vnpay': 1_500_000n });
  });

  test('of an order that nobody knows goes where the person says, and what is over is credit', async () => {
    const invoice = await billing.given.openInvoice();
    const suspenseId = await suspended({ outcome: 'UNKNOWN' });
    expect(await decide({ suspenseId, invoiceId: invoice.id, moneyReceived: true })).toMatchObject({ ok: true });
    expect(await billing.books()).toMatchObject({ 'clearing:vnpay': 2_000_000n, [`credit:${invoice.studentId}`]: -500_000n });
  });

  test('of another amount than was asked leaves the attempt as it is', async () => {
    const { attempt, see } = await doubted({ amount: vnd(1_000_000n) });
    expect(await decide(see)).toMatchObject({ ok: true, value: { namedAmount: vnd(1_000_000n) } });
    expect(await statusOf(attempt.id)).toMatchObject({ status: 'PENDING' });
    expect(await billing.books()).toMatchObject({ 'clearing:vnpay': 1_000_000n });
    expect(await billing.receive(noticeFor(attempt, { amount: vnd(1_000_000n) }))).toBe('AMOUNT_DIFFERS');
    expect(await billing.count('receipts')).toBe(1);
  });

  test('can still be booked where the question was closed too early', async () => {
    const { suspenseId, see } = await doubted();
    expect(await decide({ suspenseId })).toMatchObject({ ok: true, value: { invoiceId: undefined } });
    expect(await billing.count('receipts')).toBe(0);
    expect(await decide(see)).toMatchObject({ ok: true, value: { status: 'RESOLVED' } });
    expect(await billing.books()).toMatchObject({ 'clearing:vnpay': 1_500_000n });
  });

  test('is refused where it is in the books already, or where the item does not say what it is', async () => {
    const invoice = await billing.given.openInvoice();
    const see = { invoiceId: invoice.id, moneyReceived: true };
    const held = await suspended({ gatewayTransaction: '1' });
    expect(await decide({ ...see, suspenseId: held })).toMatchObject({ refusal: { code: 'SUSPENSE_HOLDS_MONEY' } });

    const paid = await billing.given.attempt(await billing.given.openInvoice());
    await billing.receive(noticeFor(paid, { gatewayTransaction: '2' }));
    const { suspenseId: differs } = await doubted({ gatewayTransaction: '2', outcome: 'SUCCEEDED' });
    expect(await decide({ ...see, suspenseId: differs })).toMatchObject({
      refusal: { code: 'TRANSACTION_ALREADY_BOOKED', gatewayTransaction: '2', receiptId: expect.any(String) },
    });

    const { suspenseId: unnamed } = await doubted({ gatewayTransaction: '3', amount: undefined });
    expect(await decide({ ...see, suspenseId: unnamed })).toMatchObject({ refusal: { code: 'SUSPENSE_NAMES_NO_AMOUNT' } });
    const { suspenseId: unnumbered } = await doubted({ gatewayTransaction: '0' });
    expect(await decide({ ...see, suspenseId: unnumbered })).toMatchObject({ refusal: { code: 'SUSPENSE_NAMES_NO_TRANSACTION' } });
    const { suspenseId: nowhere } = await doubted({ gatewayTransaction: '4' });
    expect(await decide({ suspenseId: nowhere, moneyReceived: true })).toMatchObject({ refusal: { code: 'SUSPENSE_NEEDS_INVOICE' } });
    expect(await decide({ ...see, suspenseId: nowhere, invoiceId: 'nothing' })).toMatchObject({ refusal: { code: 'INVOICE_NOT_FOUND' } });
    expect([await billing.count('receipts'), (await workList()).filter(({ status }) => status === 'RESOLVED').length]).toEqual([2, 0]);
  });

  test('an item of before amounts were kept is still read', async () => {
    const { suspenseId, see } = await doubted();
    const items = billing.database.db.collection<{ _id: string }>('suspense');
    await items.updateOne({ _id: suspenseId }, { $unset: { namedAmount: '', paidAt: '' } });
    expect(await decide(see)).toMatchObject({ refusal: { code: 'SUSPENSE_NAMES_NO_AMOUNT' } });
    const money = await suspended({ gatewayTransaction: '5' });
    await items.updateOne({ schoolId: billing.schoolId, gatewayTransaction: '5' }, { $unset: { namedAmount: '', paidAt: '' } });
    expect((await workList()).at(-1)).toMatchObject({ id: expect.any(String), amount: vnd(2_000_000n), namedAmount: vnd(2_000_000n) });
    expect(money).not.toBe('');
  });
});
