import { vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, noticeFor, testSchools } from '../../../test/given.ts';
import { resolveSuspense } from './resolve-suspense.ts';
import { type PaymentOrder, startPayment } from './start-payment.ts';

const schools = testSchools();
let billing: Billing;
let order: PaymentOrder;
beforeEach(async () => {
  billing = schools.newSchool();
  const { id: invoiceId } = await billing.given.openInvoice();
  const terms = { gateway: 'vnpay', amount: undefined, payerIp: '203.0.113.7', language: 'vi', schoolCode: '79000701' } as const;
  order = { attemptId: crypto.randomUUID(), invoiceId, ...terms, amountLimit: vnd(9_999_999_999n), expiresAfterMs: 900_000 };
});
const start = (changed: Partial<PaymentOrder> = {}) => billing.transact((tx) => startPayment(tx, { ...order, ...changed }));

test('an attempt is stored with all that its pay URL is made of', async () => {
  const started = await start();
  expect(started).toMatchObject({
    ok: true,
    value: {
      status: 'PENDING',
      amount: vnd(1_500_000n),
      orderRef: `79000701-${order.attemptId.replaceAll('-', '')}`,
      orderInfo: expect.not.stringContaining('Giang'),
    },
  });
  if (!started.ok) throw new Error('refused');
  expect(started.value.expiresAt.getTime() - started.value.createdAt.getTime()).toBe(900_000);
});

test('the same call again gives the first answer, whatever became of the invoice and of the time', async () => {
  const first = await start();
  billing.database.setNow(new Date(Date.now() + 3_600_000));
  expect(await start({ expiresAfterMs: 1 })).toEqual(first);
  if (!first.ok) throw new Error('refused');
  await billing.receive(noticeFor(first.value));
  expect(await start()).toMatchObject({ ok: true, value: { status: 'SUCCEEDED', createdAt: first.value.createdAt } });
});

test.each([
  ['amount', { amount: vnd(1_500_000n) }],
  ['address', { payerIp: '203.0.113.8' }],
  ['language', { language: 'en' as const }],
])('the same id with another %s is refused', async (_, changed) => {
  await start();
  expect(await start(changed)).toEqual({ ok: false, refusal: { code: 'ID_REUSED', id: order.attemptId } });
});

test.each(['HELD', 'UNKNOWN'] as const)('while an attempt is %s no other begins; once it is checked, one does', async (outcome) => {
  const first = await start();
  if (!first.ok) throw new Error('refused');
  await billing.receive(noticeFor(first.value, { outcome }));
  const again = { attemptId: crypto.randomUUID() };
  const refusal = { code: 'PAYMENT_BEING_CHECKED', invoiceId: order.invoiceId, attemptId: order.attemptId };
  expect(await start(again)).toEqual({ ok: false, refusal });
  expect(await start()).toMatchObject({ ok: true, value: { status: outcome } });

  const { rows } = await billing.read((tx) => tx.suspense.list({ includeResolved: false, after: '', size: 1 }));
  const decision = { suspenseId: rows[0]?.id ?? '', invoiceId: undefined, moneyReceived: false, decidedBy: 'user-7' };
  await billing.transact((tx) => resolveSuspense(tx, { ...decision, reason: 'ngân hàng đã hoàn tiền' }));
  expect(await start(again)).toMatchObject({ ok: true, value: { status: 'PENDING' } });
});

test('only what is owed can be asked for, and no more than the gateway takes at once', async () => {
  expect(await start({ amount: vnd(1_500_001n) })).toEqual({
    ok: false,
    refusal: { code: 'AMOUNT_OVER_OUTSTANDING', outstanding: vnd(1_500_000n) },
  });
  const huge = await billing.given.openInvoice({ total: 10_000_000_000n });
  expect(await start({ invoiceId: huge.id })).toEqual({
    ok: false,
    refusal: { code: 'AMOUNT_OVER_GATEWAY_LIMIT', limit: vnd(9_999_999_999n) },
  });
  expect(await start({ invoiceId: 'nothing' })).toMatchObject({ refusal: { code: 'INVOICE_NOT_FOUND' } });
});
