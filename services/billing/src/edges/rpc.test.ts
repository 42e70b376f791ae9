import {
  InvoicePurpose,
  InvoiceRunStatus,
  InvoiceStatus,
  MealPortionStatus,
  PaymentAttemptStatus,
  RefundStatus,
  SupportSource,
  SuspenseReason,
} from '@schoolbell/contracts/school/billing/v1/billing';
import { BillingServiceClient } from '@schoolbell/contracts/school/billing/v1/billing_service';
import { ok, vnd } from '@schoolbell/kernel';
import { createLogger, type RpcServer, startRpcServer } from '@schoolbell/service-kit';
import { decodeRefusal, type RpcClient, rpcClient } from '@schoolbell/service-kit/rpc-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Billing, noticeFor, testSchools } from '../../test/given.ts';
import { goOnWithBills, tableOf } from '../../test/meals.ts';
import { checkRefunds } from '../../test/refunds.ts';
import { goOnWithRun } from '../../test/runs.ts';
import { merchantOf } from '../../test/vnpay.ts';
import type { BillingConfig } from '../config.ts';
import type { Merchant } from './payments/gateways/gateway.ts';
import { billingRpc } from './rpc.ts';

const schools = testSchools();
const log = createLogger('billing', 'silent');
const merchants: Merchant[] = [];
const woken: string[] = [];
let billing: Billing;
let server: RpcServer;
let client: RpcClient<typeof BillingServiceClient.service>;
let numbers = 79000100;

beforeAll(async () => {
  const { transact, read } = schools.newSchool().database;
  const ofSchool = (gateway: string, schoolId: string) =>
    merchants.find((merchant) => gateway === 'vnpay' && merchant.schoolId === schoolId);
  const config = { SCHOOLBELL_PAYMENT_MINUTES: 15 } as BillingConfig;
  const world = { transact, read, config, log, now: () => new Date(), wake: (tick: string) => void woken.push(tick) };
  const services = [billingRpc({ ...world, merchants: { ofSchool, ofCode: () => undefined } })];
  const authenticate = async () => ok({ subject: 'user-7', schoolId: billing.schoolId, roles: ['accountant'] });
  server = await startRpcServer({ address: { host: '127.0.0.1', port: 0 }, services, authenticate, log });
  client = rpcClient(BillingServiceClient, { address: server.address, token: () => 'any' });
});
afterAll(async () => {
  client.close();
  await server.stop(1_000);
});
beforeEach(() => {
  billing = schools.newSchool();
  merchants.push(merchantOf(billing.schoolId, String(numbers++)));
});

const dong = (minorUnits: bigint) => ({ currencyCode: 'VND', minorUnits });
const feeItem = (facts = {}) => ({
  feeItemId: crypto.randomUUID(),
  code: 'BAN_TRU',
  name: 'Dịch vụ bán trú',
  unitPrice: dong(350_000n),
  unit: 'tháng',
  effectiveFrom: '2020-09-01',
  effectiveUntil: '',
  citation: 'NQ 18/2025/NQ-HĐND',
  ...facts,
});
const refusalOf = async (call: Promise<unknown>) =>
  decodeRefusal(
    await call.then(
      () => 'it was accepted',
      (error: unknown) => error,
    ),
  );
const order = async () => {
  const item = feeItem();
  await client.defineFeeItem({ feeItem: item });
  const studentId = await billing.given.student();
  return {
    invoiceId: crypto.randomUUID(),
    studentId,
    title: 'Thu tháng 11/2026',
    purpose: InvoicePurpose.FEES,
    charges: [{ feeItemId: item.feeItemId, quantity: 2 }],
    dueOn: '2099-11-30',
  };
};
const payment = (invoiceId: string, facts = {}) => ({
  attemptId: crypto.randomUUID(),
  invoiceId,
  gateway: 'vnpay',
  amount: undefined,
  payerIp: '203.0.113.7',
  language: 'vi',
  ...facts,
});

test('from fee item to pay URL, each answer is what the contract says', async () => {
  const asked = await order();
  const { invoice } = await client.issueInvoice(asked);
  expect(invoice).toMatchObject({
    invoiceId: asked.invoiceId,
    status: InvoiceStatus.OPEN,
    total: dong(700_000n),
    paid: dong(0n),
    dueOn: '2099-11-30',
    runId: '',
    paidAt: undefined,
  });
  expect(await client.getInvoice({ invoiceId: asked.invoiceId })).toEqual({ invoice });
  expect(await client.issueInvoice(asked)).toEqual({ invoice });

  const pay = payment(asked.invoiceId);
  const first = await client.createPaymentUrl(pay);
  expect(await client.createPaymentUrl(pay)).toEqual(first);
  expect(first.attempt).toMatchObject({
    status: PaymentAttemptStatus.PENDING,
    amount: dong(700_000n),
    noticeAt: undefined,
    settledAt: undefined,
    gatewayTransaction: '',
  });
  const url = new URL(first.url);
  expect(url.searchParams.get('vnp_TxnRef')).toBe(first.attempt?.orderRef);
  expect(url.searchParams.get('vnp_Amount')).toBe('70000000');

  await billing.receive(noticeFor({ orderRef: first.attempt?.orderRef ?? '', amount: vnd(700_000n) }));
  const { attempt } = await client.getPaymentAttempt({ attemptId: pay.attemptId });
  expect(attempt).toMatchObject({
    status: PaymentAttemptStatus.SUCCEEDED,
    noticeAt: expect.any(Date),
    settledAt: expect.any(Date),
    gatewayTransaction: '14422574',
  });
  expect(await client.listInvoices({ studentId: asked.studentId, status: InvoiceStatus.PAID, page: undefined })).toMatchObject({
    invoices: [{ invoiceId: asked.invoiceId, paid: dong(700_000n) }],
    page: { nextToken: '' },
  });
  const { totalDebits, totalCredits, balances } = await client.listBalances({ prefix: 'clearing:', page: undefined });
  expect(balances).toEqual([{ account: 'clearing:vnpay', debits: dong(700_000n), credits: dong(0n) }]);
  expect(totalDebits).toEqual(totalCredits);
});

test('a run answers at once, and its progress can be asked for', async () => {
  const { charges } = await order();
  const runId = crypto.randomUUID();
  const { run } = await client.startInvoiceRun({ runId, title: 'Thu tháng 11/2026', charges, dueOn: '2099-11-30', classIds: [] });
  expect(run).toMatchObject({ status: InvoiceRunStatus.RUNNING, pupils: 1, issued: 0, total: dong(0n) });
  expect(woken).toEqual(['invoice-runs']);
  await goOnWithRun(billing, runId);
  expect((await client.getInvoiceRun({ runId })).run).toMatchObject({ status: InvoiceRunStatus.DONE, issued: 1, total: dong(700_000n) });
});

test('the work list is shown, and a decision keeps who took it and why', async () => {
  await billing.receive(noticeFor({ orderRef: crypto.randomUUID(), amount: vnd(700_000n) }));
  const { items } = await client.listSuspense({ includeResolved: false, page: undefined });
  expect(items).toMatchObject([
    {
      reason: SuspenseReason.UNKNOWN_ORDER,
      amount: dong(700_000n),
      namedAmount: dong(700_000n),
      resolvedAt: undefined,
      resolvedBy: '',
      invoiceId: '',
    },
  ]);
  const { invoiceId } = (await client.issueInvoice(await order())).invoice ?? { invoiceId: '' };
  const suspenseId = items[0]?.suspenseId ?? '';
  const { item } = await client.resolveSuspense({ suspenseId, invoiceId, moneyReceived: false, reason: 'phụ huynh gửi chứng từ' });
  expect(item).toMatchObject({ resolvedAt: expect.any(Date), resolution: 'phụ huynh gửi chứng từ', resolvedBy: 'user-7', invoiceId });
  expect((await client.getInvoice({ invoiceId })).invoice?.status).toBe(InvoiceStatus.PAID);
});

test('a person books money that the gateway was in doubt about, and is told why where that cannot be', async () => {
  const { invoiceId } = (await client.issueInvoice(await order())).invoice ?? { invoiceId: '' };
  const { attempt } = await client.createPaymentUrl(payment(invoiceId));
  const doubt = { orderRef: attempt?.orderRef ?? '', amount: vnd(700_000n) };
  await billing.receive(noticeFor(doubt, { outcome: 'HELD' }));
  await billing.receive(noticeFor(doubt, { outcome: 'HELD', gatewayTransaction: '2', amount: undefined }));
  const { items } = await client.listSuspense({ includeResolved: false, page: undefined });
  expect(items).toMatchObject([
    { amount: dong(0n), namedAmount: dong(700_000n) },
    { amount: dong(0n), namedAmount: undefined },
  ]);
  const [suspenseId = '', unnamed = ''] = items.map((item) => item.suspenseId);
  const seen = { invoiceId, moneyReceived: true, reason: 'sao kê VNPAY ngày 21/11' };
  expect((await client.resolveSuspense({ ...seen, suspenseId })).item).toMatchObject({ invoiceId, resolvedBy: 'user-7' });
  expect((await client.getInvoice({ invoiceId })).invoice?.status).toBe(InvoiceStatus.PAID);
  expect(await refusalOf(client.resolveSuspense({ ...seen, suspenseId: unnamed }, { language: 'en' }))).toMatchObject({
    code: 'SUSPENSE_NAMES_NO_AMOUNT',
    status: 9,
    message: expect.stringContaining('names no amount'),
  });
});

test('an invoice is voided with a reason', async () => {
  const { invoiceId } = (await client.issueInvoice(await order())).invoice ?? { invoiceId: '' };
  expect((await client.voidInvoice({ invoiceId, reason: 'nhầm lớp' })).invoice?.status).toBe(InvoiceStatus.VOID);
  expect(await refusalOf(client.createPaymentUrl(payment(invoiceId)))).toMatchObject({ code: 'INVOICE_IS_VOID' });
});

test('long lists come in pages, and only with tokens that were handed out', async () => {
  for (const code of ['A', 'B', 'C']) await client.defineFeeItem({ feeItem: feeItem({ code }) });
  const first = await client.listFeeItems({ page: { size: 2, token: '' } });
  const second = await client.listFeeItems({ page: { size: 2, token: first.page?.nextToken ?? '' } });
  expect([...first.feeItems, ...second.feeItems].map(({ code }) => code)).toEqual(['A', 'B', 'C']);
  expect(second.page?.nextToken).toBe('');
  for (const page of [
    { size: 501, token: '' },
    { size: -1, token: '' },
    { size: 1, token: '{"$gt":""}' },
  ]) {
    expect(await refusalOf(client.listFeeItems({ page }))).toMatchObject({ code: 'INPUT_INVALID' });
  }
});

describe('a refusal', () => {
  test('tells what to do next, in the language that was asked for, with its facts apart', async () => {
    const asked = { ...(await order()), studentId: 'nobody' };
    const vi = await refusalOf(client.issueInvoice(asked, { language: 'vi' }));
    const en = await refusalOf(client.issueInvoice(asked, { language: 'en' }));
    expect(vi).toMatchObject({
      code: 'STUDENT_UNKNOWN',
      status: 9,
      facts: { studentId: 'nobody' },
      message: expect.stringContaining('thử lại sau ít phút'),
    });
    expect(en).toMatchObject({ code: 'STUDENT_UNKNOWN', message: expect.stringContaining('try again in a few minutes') });
  });

  test('of an idempotency key that is not the id of the request; the same id as both is taken', async () => {
    const asked = await order();
    const { charges } = asked;
    const id = crypto.randomUUID();
    const options = { idempotencyKey: crypto.randomUUID(), language: 'en' } as const;
    const calls = [
      client.issueInvoice({ ...asked, invoiceId: id }, options),
      client.startInvoiceRun({ runId: id, title: 'Thu', charges, dueOn: '2099-11-30', classIds: [] }, options),
      client.createPaymentUrl(payment('any', { attemptId: id }), options),
      client.resolveSuspense({ suspenseId: id, invoiceId: '', moneyReceived: false, reason: 'x' }, options),
    ];
    const refusals = await Promise.all(calls.map(refusalOf));
    expect(refusals.map((refusal) => refusal?.facts)).toEqual(
      ['invoice_id', 'run_id', 'attempt_id', 'suspense_id'].map((field) => ({ field, id })),
    );
    expect(new Set(refusals.map((refusal) => refusal?.code))).toEqual(new Set(['IDEMPOTENCY_KEY_DIFFERS']));
    expect(await client.issueInvoice(asked, { idempotencyKey: asked.invoiceId })).toMatchObject({
      invoice: { invoiceId: asked.invoiceId },
    });
  });

  test('of a field speaks Vietnamese to the end where Vietnamese was asked for', async () => {
    const asked = { ...(await order()), title: ' ' };
    const vi = await refusalOf(client.issueInvoice(asked, { language: 'vi' }));
    const en = await refusalOf(client.issueInvoice(asked, { language: 'en' }));
    expect(vi).toMatchObject({ message: expect.stringContaining('title không hợp lệ: không được để trống') });
    expect(en).toMatchObject({ message: expect.stringContaining('must not be empty') });
  });

  test.each([
    ['invoice_id', { invoiceId: 'ABC' }],
    ['title', { title: '  ' }],
    ['title', { title: 'x'.repeat(201) }],
    ['title', { title: 'a\u0000b' }],
    ['purpose', { purpose: InvoicePurpose.UNSPECIFIED }],
    ['charges', { charges: [] }],
    ['charges.0.quantity', { charges: [{ feeItemId: 'x', quantity: 0 }] }],
    ['due_on', { dueOn: '2026-02-30' }],
  ])('names the field that is wrong: %s', async (field, changed) => {
    expect(await refusalOf(client.issueInvoice({ ...(await order()), ...changed }, { language: 'en' }))).toMatchObject({
      code: 'INPUT_INVALID',
      facts: { field },
      status: 3,
    });
  });

  test.each([
    [{ unitPrice: undefined }, 'fee_item.unit_price'],
    [{ unitPrice: { currencyCode: 'USD', minorUnits: 1n } }, 'fee_item.unit_price.currency_code'],
    [{ unitPrice: dong(0n) }, 'fee_item.unit_price.minor_units'],
    [{ unitPrice: dong(-5n) }, 'fee_item.unit_price.minor_units'],
    [{ unitPrice: dong(2n ** 62n) }, 'fee_item.unit_price.minor_units'],
    [{ code: 'bán trú' }, 'fee_item.code'],
  ])('of money that is none: %o', async (changed, field) => {
    expect(await refusalOf(client.defineFeeItem({ feeItem: feeItem(changed) }))).toMatchObject({ code: 'INPUT_INVALID', facts: { field } });
  });

  test('of a gateway that nobody has, or that this school has no account with', async () => {
    const { invoiceId } = (await client.issueInvoice(await order())).invoice ?? { invoiceId: '' };
    expect(await refusalOf(client.createPaymentUrl(payment(invoiceId, { gateway: 'momo' })))).toMatchObject({
      code: 'GATEWAY_UNKNOWN',
      facts: { known: 'vnpay' },
    });
    merchants.pop();
    expect(await refusalOf(client.createPaymentUrl(payment(invoiceId)))).toMatchObject({ code: 'GATEWAY_NOT_CONFIGURED' });
  });

  test('of an id that names nothing, or something of another school', async () => {
    const id = crypto.randomUUID();
    expect(await refusalOf(client.getInvoice({ invoiceId: id }))).toMatchObject({ code: 'INVOICE_NOT_FOUND', status: 5 });
    expect(await refusalOf(client.getInvoiceRun({ runId: id }))).toMatchObject({ code: 'INVOICE_RUN_NOT_FOUND', status: 5 });
    expect(await refusalOf(client.getPaymentAttempt({ attemptId: id }))).toMatchObject({ code: 'ATTEMPT_NOT_FOUND', status: 5 });
    const { invoiceId } = (await client.issueInvoice(await order())).invoice ?? { invoiceId: '' };
    const { attemptId } = (await client.createPaymentUrl(payment(invoiceId))).attempt ?? { attemptId: '' };
    billing = schools.newSchool();
    expect(await refusalOf(client.getInvoice({ invoiceId }))).toMatchObject({ code: 'INVOICE_NOT_FOUND' });
    expect(await refusalOf(client.getPaymentAttempt({ attemptId }))).toMatchObject({ code: 'ATTEMPT_NOT_FOUND' });
  });

  test.each(['', 'ABC', '{"$ne":null}', '$gt', '[$where]', "' || 1==1", 'x'.repeat(1_000_000)])(
    'is all that query language in an id can get: %.20s',
    async (text) => {
      await client.issueInvoice(await order());
      const asked = [
        [client.getInvoice({ invoiceId: text }), 'invoice_id'],
        [client.getInvoiceRun({ runId: text }), 'run_id'],
        [client.getPaymentAttempt({ attemptId: text }), 'attempt_id'],
      ] as const;
      for (const [call, field] of asked)
        expect(await refusalOf(call)).toMatchObject({ code: 'INPUT_INVALID', status: 3, facts: { field } });
      const listed = await client.listInvoices({ studentId: `${text.slice(0, 60)}$`, status: 0, page: undefined });
      expect(listed.invoices).toEqual([]);
    },
  );
});

test('meals are billed by run, and the account of a pupil shows them with their money', async () => {
  const studentId = await billing.given.student();
  const table = tableOf(billing, studentId);
  const [cut = ''] = await table.book(['2099-12-07', '2099-12-08']);
  await table.report(cut, 'CANCELLED');
  const runId = crypto.randomUUID();
  const wanted = { runId, month: '2099-12', dueOn: '2099-12-15', title: 'Tiền ăn tháng 12/2099', classIds: [] };
  expect(await client.startMealBillRun(wanted)).toMatchObject({ run: { mealMonth: '2099-12', status: InvoiceRunStatus.RUNNING } });
  expect(woken.at(-1)).toBe('invoice-runs');
  while (await goOnWithBills(billing, runId));
  expect(await client.getInvoiceRun({ runId })).toMatchObject({ run: { issued: 1, status: InvoiceRunStatus.DONE, total: dong(70_000n) } });
  const { invoices } = await client.listInvoices({ studentId, status: InvoiceStatus.UNSPECIFIED, page: undefined });
  expect(invoices).toMatchObject([{ purpose: InvoicePurpose.MEALS, paid: dong(35_000n), creditApplied: dong(35_000n) }]);
  const invoiceIds = [invoices[0]?.invoiceId];
  const same = { meal: 'LUNCH', price: dong(35_000n), charged: dong(35_000n), supported: dong(0n), invoiceIds };
  expect(await client.getStudentAccount({ studentId, month: '2099-12' })).toMatchObject({
    balance: dong(0n),
    portions: [
      { ...same, date: '2099-12-07', status: MealPortionStatus.CANCELLED, credited: dong(35_000n) },
      { ...same, date: '2099-12-08', status: MealPortionStatus.BOOKED, credited: dong(0n) },
    ],
  });
  expect(await refusalOf(client.startMealBillRun({ ...wanted, month: '12/2099' }))).toMatchObject({ code: 'INPUT_INVALID' });
  expect(await refusalOf(client.getStudentAccount({ studentId: 'x', month: '2099-12' }))).toMatchObject({ code: 'STUDENT_NOT_FOUND' });
});

test('lunch support is granted, listed and ended', async () => {
  const studentId = await billing.given.student();
  const support = {
    ...{ grantId: crypto.randomUUID(), studentId, amountPerDay: dong(30_000n), effectiveFrom: '2026-09-07', effectiveUntil: '' },
    ...{ source: SupportSource.HANOI, citation: 'NQ 18/2025/NQ-HĐND' },
  };
  expect(await client.grantLunchSupport({ support })).toEqual({ support });
  expect(woken.at(-1)).toBe('lunch-support');
  expect((await client.listLunchSupport({ studentId, page: undefined })).supports).toEqual([support]);
  const effectiveUntil = '2027-01-01';
  expect(await client.endLunchSupport({ grantId: support.grantId, effectiveUntil })).toEqual({ support: { ...support, effectiveUntil } });
  const refusal = await refusalOf(
    client.grantLunchSupport({ support: { ...support, grantId: crypto.randomUUID(), amountPerDay: dong(30_001n) } }),
  );
  expect(refusal).toMatchObject({ code: 'SUPPORT_OVER_CEILING' });
  const nobody = { ...support, source: SupportSource.UNSPECIFIED };
  expect(await refusalOf(client.grantLunchSupport({ support: nobody }))).toMatchObject({ code: 'INPUT_INVALID' });
});

test('a refund is listed and paid, and a wrong amount hears the right one', async () => {
  const studentId = await billing.given.student();
  const attempt = await billing.given.attempt(await billing.given.openInvoice({ studentId, total: 10_000n }));
  for (const number of ['1', '2']) await billing.receive(noticeFor(attempt, { gatewayTransaction: `${studentId} ${number}` }));
  await billing.given.student({ id: studentId, leftOn: '2026-11-20', version: 2 });
  await checkRefunds(billing);
  const { refunds } = await client.listRefunds({ includeClosed: false, page: undefined });
  expect(refunds).toMatchObject([
    { studentId, status: RefundStatus.DUE, amount: dong(10_000n), leftOn: '2026-11-20', dueOn: '2027-01-01' },
  ]);
  const refundId = refunds[0]?.refundId ?? '';
  const wrong = await refusalOf(client.payRefund({ refundId, amount: dong(9_000n), bankReference: 'FT1' }));
  expect(wrong).toMatchObject({ code: 'REFUND_AMOUNT_DIFFERS', facts: { due: expect.stringContaining('10') } });
  expect(await client.payRefund({ refundId, amount: dong(10_000n), bankReference: 'FT1' })).toMatchObject({
    refund: { refundId, status: RefundStatus.PAID, bankReference: 'FT1', paidBy: 'user-7', amount: dong(10_000n) },
  });
  expect((await client.listRefunds({ includeClosed: false, page: undefined })).refunds).toEqual([]);
  expect((await client.listRefunds({ includeClosed: true, page: undefined })).refunds).toMatchObject([{ status: RefundStatus.PAID }]);
});
