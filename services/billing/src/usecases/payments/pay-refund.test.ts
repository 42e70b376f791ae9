import { vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, noticeFor, testSchools } from '../../../test/given.ts';
import { billMonth, type Table, tableOf } from '../../../test/meals.ts';
import { checkRefunds, onlyRefund, refundsOf } from '../../../test/refunds.ts';
import { payRefund } from './pay-refund.ts';

const schools = testSchools();
let billing: Billing;
let studentId: string;
let table: Table;
let clockAt = new Date();
const wait = (ms: number) => {
  clockAt = new Date(clockAt.getTime() + ms);
  billing.database.setNow(clockAt);
};
beforeEach(async () => {
  billing = schools.newSchool();
  clockAt = new Date('2026-12-08T12:00:00Z');
  wait(0);
  studentId = await billing.given.student();
  table = tableOf(billing, studentId);
});

/** Everything of December is billed and paid, then the pupil leaves; answers the meals. */
async function leaverWith(days: readonly string[]): Promise<string[]> {
  const booked = await table.book(days);
  await billMonth(billing, '2026-12');
  for (const bill of await billing.read((tx) => tx.invoices.owed([studentId]))) {
    await billing.receive(noticeFor(await billing.given.attempt(bill)));
  }
  await billing.given.student({ id: studentId, leftOn: '2026-12-08', version: 2 });
  return booked;
}
const pay = (refundId: string, amount: bigint, bankReference = 'FT26342000001') =>
  billing.transact((tx) => payRefund(tx, { refundId, amount: vnd(amount), bankReference, paidBy: 'accountant-7' }));
const told = async () => (await billing.announced()).map(({ $case }) => $case);

test('what is left is paid out once, to the đồng, and the books are even', async () => {
  const [, cut = ''] = await leaverWith(['2026-12-07', '2026-12-09']);
  await table.report(cut, 'CANCELLED');
  await checkRefunds(billing);
  const { refund, amount } = await onlyRefund(billing);
  expect(amount).toBe(35_000n);
  expect(await pay(refund.id, 34_000n)).toEqual({ ok: false, refusal: { code: 'REFUND_AMOUNT_DIFFERS', due: vnd(35_000n) } });
  const paid = { status: 'PAID', amount: vnd(35_000n), bankReference: 'FT26342000001', paidBy: 'accountant-7' };
  expect(await pay(refund.id, 35_000n)).toMatchObject({ value: { refund: paid, studentName: 'Bùi Thanh Giang' } });
  expect(await pay(refund.id, 35_000n)).toMatchObject({ value: { refund: paid } });
  expect(await pay(refund.id, 35_000n, 'FT2')).toEqual({
    ok: false,
    refusal: { code: 'REFUND_PAID_OTHERWISE', refundId: refund.id, bankReference: 'FT26342000001' },
  });
  expect((await billing.announced()).filter(({ $case }) => $case === 'refundPaid')).toMatchObject([
    { value: { refundId: refund.id, studentId, amount: { minorUnits: 35_000n }, bankReference: 'FT26342000001' } },
  ]);
  expect(await billing.books()).toEqual({
    ...{ 'clearing:bank': -35_000n, 'clearing:vnpay': 70_000n, 'meals:LUNCH': -35_000n },
    ...{ [`credit:${studentId}`]: 0n, [`receivable:${studentId}`]: 0n },
  });
  expect(await refundsOf(billing)).toEqual([]);
});

test('meals that nobody has billed yet are charged first, and open invoices are paid, before money leaves', async () => {
  const [, cut = '', cut2 = ''] = await leaverWith(['2026-12-07', '2026-12-09', '2026-12-10']);
  await table.book(['2026-12-04'], { price: 20_000n });
  for (const id of [cut, cut2]) await table.report(id, 'CANCELLED');
  const { openInvoice } = billing.given;
  await billing.given.student({ id: studentId, version: 3 });
  const open = await openInvoice({ studentId, total: 15_000n });
  await openInvoice({ studentId, total: 9_000n, purpose: 'WALLET_TOP_UP' });
  await billing.given.student({ id: studentId, leftOn: '2026-12-08', version: 4 });
  await checkRefunds(billing);
  const refunds = await refundsOf(billing);
  expect(refunds.map(({ amount }) => amount.minorUnits)).toEqual([35_000n, 35_000n]);
  const before = (await told()).length;
  expect(await pay(refunds[0]?.refund.id ?? '', 35_000n)).toMatchObject({ ok: true });
  expect((await told()).slice(before)).toEqual(['invoiceIssued', 'invoicePaid', 'invoicePaid', 'refundPaid']);
  const { rows } = await billing.read((tx) => tx.invoices.list({ studentId, after: '', size: 100 }));
  expect(rows.find(({ id }) => id === open.id)).toMatchObject({ status: 'PAID', creditApplied: vnd(15_000n) });
  expect(rows.find(({ title }) => title === 'Tiền ăn còn lại khi thôi học')).toMatchObject({ status: 'PAID', total: vnd(20_000n) });
  expect(rows.find(({ purpose }) => purpose === 'WALLET_TOP_UP')).toMatchObject({ status: 'OPEN' });
  expect(await table.credit()).toBe(0n);
});

test('a credit that comes after the refund was paid is another refund', async () => {
  const [, cut = '', later = ''] = await leaverWith(['2026-12-07', '2026-12-09', '2026-12-10']);
  await table.report(cut, 'CANCELLED');
  await checkRefunds(billing);
  const first = await onlyRefund(billing);
  await pay(first.refund.id, 35_000n);
  await table.report(later, 'CANCELLED');
  wait(60_000);
  await checkRefunds(billing);
  const second = await onlyRefund(billing);
  expect(second).toMatchObject({ amount: 35_000n, refund: { part: 2 } });
  expect(second.refund.id).not.toBe(first.refund.id);
  expect(await pay(second.refund.id, 35_000n, 'FT2')).toMatchObject({ ok: true });
  expect(await billing.books()).toMatchObject({ 'clearing:bank': -70_000n });
});

test('two accountants who pay the same refund at once pay it once', async () => {
  const [, cut = ''] = await leaverWith(['2026-12-07', '2026-12-09']);
  await table.report(cut, 'CANCELLED');
  await checkRefunds(billing);
  const { refund } = await onlyRefund(billing);
  const answers = await Promise.all(['A', 'B'].map((reference) => pay(refund.id, 35_000n, reference)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await billing.books()).toMatchObject({ 'clearing:bank': -35_000n });
});

test('no money leaves for a pupil who came back, where nothing is left, or for a refund that there is not', async () => {
  const [, cut = ''] = await leaverWith(['2026-12-07', '2026-12-09']);
  await table.report(cut, 'CANCELLED');
  await checkRefunds(billing);
  const { refund } = await onlyRefund(billing);
  await table.report(cut, 'BOOKED');
  expect(await pay(refund.id, 35_000n)).toMatchObject({ refusal: { code: 'NOTHING_TO_REFUND' } });
  await billing.given.student({ id: studentId, version: 3 });
  expect(await pay(refund.id, 35_000n)).toMatchObject({ refusal: { code: 'REFUND_NOT_OPEN' } });
  expect(await pay('none', 35_000n)).toMatchObject({ refusal: { code: 'REFUND_NOT_FOUND' } });
});
