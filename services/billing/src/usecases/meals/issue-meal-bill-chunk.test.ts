import { vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, noticeFor, testSchools } from '../../../test/given.ts';
import { billMonth, goOnWithBills, monthFrom, type Table, tableOf } from '../../../test/meals.ts';
import type { Invoice } from '../../domain/invoices/invoice.ts';
import { chargedFor } from '../../domain/meals/portion.ts';
import { voidInvoice } from '../invoices/void-invoice.ts';
import { issueMealBillChunk } from './issue-meal-bill-chunk.ts';
import { startMealBillRun } from './start-meal-bill-run.ts';

const schools = testSchools();
let billing: Billing;
let studentId: string;
let table: Table;
beforeEach(async () => {
  billing = schools.newSchool();
  studentId = await billing.given.student();
  table = tableOf(billing, studentId);
});

const december = ['2026-12-07', '2026-12-08', '2026-12-09'];
const invoices = async (): Promise<readonly Invoice[]> => (await billing.read((tx) => tx.invoices.list({ after: '', size: 100 }))).rows;
const billsOf = async () => [...(await invoices())].sort((a, b) => a.issuedAt.getTime() - b.issuedAt.getTime());
const linesOf = (invoice: Invoice | undefined) =>
  invoice?.lines.map(({ name, quantity, unitPrice }) => `${name}: ${quantity} × ${unitPrice.minorUnits}`);
const facts = async () => (await billing.announced()).map(({ $case }) => $case);
/** What the family has paid or owes for meals in the end. */
const mealMoney = async () => {
  const books = await billing.books();
  return -Object.entries(books).reduce((sum, [account, amount]) => (account.startsWith('meals:') ? sum + amount : sum), 0n);
};

test('a month is one bill of its own, by meal and price, and the whole run is counted', async () => {
  await table.book(december);
  await table.book(december, { meal: 'SNACK', price: 12_000n });
  await table.book(['2026-12-10'], { price: 38_000n });
  await table.book(['2027-01-04']);
  await billing.given.student();
  const runId = await billMonth(billing, '2026-12');
  const [bill, ...others] = await invoices();
  expect(others).toEqual([]);
  expect(bill).toMatchObject({ studentId, purpose: 'MEALS', title: 'Tiền ăn tháng 2026-12', status: 'OPEN', runId, total: vnd(179_000n) });
  expect(linesOf(bill)).toEqual([
    'Tiền ăn bữa trưa tháng 12/2026: 3 × 35000',
    'Tiền ăn bữa phụ tháng 12/2026: 3 × 12000',
    'Tiền ăn bữa trưa tháng 12/2026: 1 × 38000',
  ]);
  expect(await billing.books()).toEqual({
    [`receivable:${studentId}`]: 179_000n,
    'meals:LUNCH': -143_000n,
    'meals:SNACK': -36_000n,
  });
  expect(await billing.read((tx) => tx.invoiceRuns.find(runId))).toMatchObject({ status: 'DONE', issued: 1, pupils: 1 });
});

test('a meal that was cut before the bill is on it, and its credit pays for it', async () => {
  const [cut = ''] = await table.book(december);
  await table.report(cut, 'CANCELLED');
  await billMonth(billing, '2026-12');
  const [bill] = await invoices();
  expect(bill).toMatchObject({ status: 'PARTIALLY_PAID', total: vnd(105_000n), paid: vnd(35_000n), creditApplied: vnd(35_000n) });
  expect(await table.credit()).toBe(0n);
  expect(await billing.books()).toMatchObject({ [`receivable:${studentId}`]: 70_000n });
  expect(await mealMoney()).toBe(70_000n);
});

test('a meal that was cut after the bill is credited, and the next bill nets it', async () => {
  const [cut = ''] = await table.book(december);
  await table.book(['2027-01-04', '2027-01-05']);
  await billMonth(billing, '2026-12');
  await table.report(cut, 'CANCELLED');
  expect(await table.credit()).toBe(35_000n);
  await billMonth(billing, '2027-01');
  const [, january] = await billsOf();
  expect(january).toMatchObject({ total: vnd(70_000n), creditApplied: vnd(35_000n), status: 'PARTIALLY_PAID' });
  expect(await mealMoney()).toBe(4n * 35_000n);
});

test('a bill that credit pays in full is paid when it is issued, and that is told once', async () => {
  const [cut = ''] = await table.book(['2026-12-07']);
  await billMonth(billing, '2026-12');
  await table.book(['2027-01-04']);
  await table.report(cut, 'CANCELLED');
  await billMonth(billing, '2027-01');
  const [, january] = await billsOf();
  expect(january).toMatchObject({ status: 'PAID', total: vnd(35_000n), creditApplied: vnd(35_000n) });
  expect(await facts()).toEqual(['invoiceIssued', 'accountCredited', 'invoiceIssued', 'invoicePaid']);
  const told = await billing.announced();
  expect(told[2]).toMatchObject({
    value: { invoice: { status: 3, paid: { minorUnits: 35_000n }, creditApplied: { minorUnits: 35_000n } } },
  });
  expect(told[3]).toMatchObject({ value: { invoiceId: january?.id, gateway: 'credit', gatewayTransaction: '', purpose: 3 } });
});

test('a meal that is on again after its credit was spent is asked for by the next bill, once', async () => {
  const [cut = ''] = await table.book(december);
  await table.report(cut, 'CANCELLED');
  await billMonth(billing, '2026-12');
  await table.report(cut, 'BOOKED');
  expect(await table.credit()).toBe(-35_000n);
  await billMonth(billing, '2027-01');
  await billMonth(billing, '2027-02');
  const bills = await billsOf();
  expect(bills).toHaveLength(2);
  expect(linesOf(bills[1])).toEqual(['Kỳ trước chuyển sang: 1 × 35000']);
  expect(await table.credit()).toBe(0n);
  expect(await mealMoney()).toBe(105_000n);
  expect(await billing.books()).toMatchObject({ [`receivable:${studentId}`]: 105_000n });
});

test('a price that rises after the bill is a correction on the next one, and one that falls is credited at once', async () => {
  const booked = await table.book(december);
  await billMonth(billing, '2026-12');
  await table.costs(booked, 38_000n);
  expect(await table.credit()).toBe(0n);
  await billMonth(billing, '2027-01');
  expect(linesOf((await billsOf())[1])).toEqual(['Chênh lệch giá tiền ăn bữa trưa tháng 12/2026: 3 × 3000']);
  await table.costs(booked, 30_000n);
  expect(await table.credit()).toBe(24_000n);
  expect(await mealMoney()).toBe(90_000n);
  await billMonth(billing, '2027-02');
  expect(await invoices()).toHaveLength(2);
});

test('meals that were booked after the bill of their month are on the next one, and none is charged twice', async () => {
  await table.book(['2026-12-07']);
  await billMonth(billing, '2026-12');
  await table.book(['2026-12-08']);
  await billMonth(billing, '2026-12');
  await table.book(['2026-12-09', '2027-01-04']);
  await billMonth(billing, '2027-01');
  const bills = await billsOf();
  expect(bills.map(linesOf)).toEqual([
    ['Tiền ăn bữa trưa tháng 12/2026: 1 × 35000'],
    ['Tiền ăn bữa trưa tháng 12/2026: 1 × 35000'],
    ['Tiền ăn bữa trưa tháng 12/2026 (kỳ trước chưa thu): 1 × 35000', 'Tiền ăn bữa trưa tháng 01/2027: 1 × 35000'],
  ]);
  expect((await table.portions()).map(chargedFor)).toEqual(Array.from({ length: 4 }, () => vnd(35_000n)));
});

test('the credit of meals that a later bill will charge does not pay for this one', async () => {
  await table.book(['2026-12-07']);
  const [cut = ''] = await table.book(['2027-03-01']);
  await table.report(cut, 'CANCELLED');
  await billMonth(billing, '2026-12');
  expect((await billsOf())[0]).toMatchObject({ status: 'OPEN', creditApplied: vnd(0n) });
  await billMonth(billing, '2027-03');
  expect((await billsOf())[1]).toMatchObject({ status: 'PAID', creditApplied: vnd(35_000n) });
  expect(await mealMoney()).toBe(35_000n);
});

test('what is left of a bill is paid through the gateway like any other', async () => {
  const [cut = ''] = await table.book(december);
  await table.report(cut, 'CANCELLED');
  await billMonth(billing, '2026-12');
  const [bill] = await invoices();
  if (!bill) throw new Error('no bill');
  const attempt = await billing.given.attempt(bill);
  expect(attempt.amount).toEqual(vnd(70_000n));
  expect(await billing.receive(noticeFor(attempt))).toBe('CONFIRMED');
  expect((await invoices())[0]).toMatchObject({ status: 'PAID', creditApplied: vnd(35_000n) });
  expect((await facts()).filter((fact) => fact === 'invoicePaid')).toHaveLength(1);
  expect(await billing.transact((tx) => voidInvoice(tx, { invoiceId: bill.id, reason: 'nhầm' }))).toMatchObject({
    refusal: { code: 'INVOICE_HAS_PAYMENTS', paid: vnd(70_000n) },
  });
});

test('a voided meal bill frees its meals for the next one and gives the credit back', async () => {
  const [cut = ''] = await table.book(december);
  await table.report(cut, 'CANCELLED');
  await billMonth(billing, '2026-12');
  const [first] = await invoices();
  const voided = await billing.transact((tx) => voidInvoice(tx, { invoiceId: first?.id ?? '', reason: 'sai hạn nộp' }));
  expect(voided).toMatchObject({ value: { status: 'VOID', creditApplied: vnd(35_000n) } });
  expect(await table.credit()).toBe(35_000n);
  expect((await billing.announced()).slice(-2)).toMatchObject([
    { $case: 'invoiceVoided' },
    {
      $case: 'accountCredited',
      value: { amount: { minorUnits: 35_000n }, reason: 3, invoiceId: first?.id, balance: { minorUnits: 35_000n } },
    },
  ]);
  await billMonth(billing, '2026-12');
  expect((await invoices()).find(({ status }) => status !== 'VOID')).toMatchObject({ total: vnd(105_000n), paid: vnd(35_000n) });
  expect(await mealMoney()).toBe(70_000n);
});

test('a void takes back what a lower price had credited, for nothing is charged above it any more', async () => {
  const booked = await table.book(december);
  await billMonth(billing, '2026-12');
  await table.costs(booked, 30_000n);
  expect(await table.credit()).toBe(15_000n);
  const [bill] = await invoices();
  await billing.transact((tx) => voidInvoice(tx, { invoiceId: bill?.id ?? '', reason: 'sai giá' }));
  expect(await table.credit()).toBe(0n);
  expect((await facts()).filter((fact) => fact === 'creditReversed')).toHaveLength(3);
  await billMonth(billing, '2026-12');
  expect(await mealMoney()).toBe(90_000n);
});

test('two runs of one month at the same time charge each meal once', async () => {
  await table.book(december);
  await Promise.all([billMonth(billing, '2026-12'), billMonth(billing, '2026-12')]);
  expect(await invoices()).toHaveLength(1);
  expect(await mealMoney()).toBe(105_000n);
});

test('a run that is cut off in the middle goes on without a second bill, and counts those of before', async () => {
  const pupils = [studentId, await billing.given.student(), await billing.given.student()].sort();
  for (const pupil of pupils) await tableOf(billing, pupil).book(december);
  const runId = crypto.randomUUID();
  const order = { runId, month: monthFrom('2026-12'), title: 'Tiền ăn', classIds: [] };
  await billing.transact((tx) => startMealBillRun(tx, { ...order, dueOn: '2099-01-01' as never }));
  const chunk = { after: '', upTo: pupils[1] ?? '' };
  const issued = { invoices: 2, total: vnd(210_000n) };
  expect(await billing.transact((tx) => issueMealBillChunk(tx, { runId, chunk }))).toEqual(issued);
  expect(await billing.transact((tx) => issueMealBillChunk(tx, { runId, chunk }))).toEqual(issued);
  while (await goOnWithBills(billing, runId));
  expect(await billing.read((tx) => tx.invoiceRuns.find(runId))).toMatchObject({ status: 'DONE', issued: 3 });
  expect(await invoices()).toHaveLength(3);
  expect(await billing.transact((tx) => issueMealBillChunk(tx, { runId, chunk }))).toMatchObject({ invoices: 0 });
});

test('a pupil who left is still billed for what was eaten, not for meals to come that are about to be cut', async () => {
  billing.database.setNow(new Date('2026-12-08T12:00:00Z'));
  await table.book(december);
  await billing.transact(async (tx) => {
    const left = { enrolled: false, leftOn: '2026-12-08' as never };
    tx.students.follow({ id: studentId, name: 'A', classId: 'class-1a', className: '1A', ...left }, 9);
  });
  await billing.given.student();
  await billMonth(billing, '2026-12');
  expect(linesOf((await invoices())[0])).toEqual(['Tiền ăn bữa trưa tháng 12/2026: 2 × 35000']);
});

test('a run for some classes leaves the others for another one', async () => {
  const other = await billing.given.student({ classId: 'class-1b' });
  await table.book(december);
  await tableOf(billing, other).book(december);
  await billMonth(billing, '2026-12', ['class-1b']);
  expect((await invoices()).map((bill) => bill.studentId)).toEqual([other]);
  await billMonth(billing, '2026-12');
  expect(await invoices()).toHaveLength(2);
});
