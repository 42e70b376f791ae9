import { beforeEach, expect, test } from 'vitest';
import { type Billing, noticeFor, testSchools } from '../../../test/given.ts';
import { billMonth, type Table, tableOf } from '../../../test/meals.ts';
import { checkRefunds, onlyRefund, refundsOf } from '../../../test/refunds.ts';
import { checkRefund } from './check-refund.ts';

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
/** The meals of December are billed, and the family has paid. */
async function billAndPay(): Promise<void> {
  await billMonth(billing, '2026-12');
  const [bill] = await billing.read((tx) => tx.invoices.owed([studentId]));
  if (!bill) throw new Error('no bill');
  await billing.receive(noticeFor(await billing.given.attempt(bill)));
}
const leave = () => billing.given.student({ id: studentId, leftOn: '2026-12-08', version: 2 });
const asked = async () => (await billing.announced()).filter(({ $case }) => $case === 'refundRequested');

test('a credit that the open bill of its meal takes whole is no money to refund', async () => {
  const [cut = ''] = await table.book(['2026-12-07']);
  await billMonth(billing, '2026-12');
  await table.report(cut, 'CANCELLED');
  await leave();
  expect(await checkRefunds(billing)).toBe(1);
  expect(await asked()).toEqual([]);
});

test('meals of days to come that are cut after the leaving are money when they were paid for, and are found a little later', async () => {
  const booked = await table.book(['2026-12-07', '2026-12-09', '2026-12-10']);
  await billAndPay();
  await leave();
  expect(await checkRefunds(billing)).toBe(1);
  expect(await asked()).toEqual([]);
  for (const id of booked.slice(1)) await table.report(id, 'CANCELLED');
  expect(await checkRefunds(billing)).toBe(0);
  wait(16_000);
  expect(await checkRefunds(billing)).toBe(1);
  wait(60_000);
  await checkRefunds(billing);
  expect(await asked()).toMatchObject([
    { value: { studentId, studentName: 'Bùi Thanh Giang', amount: { minorUnits: 70_000n }, leftOn: '2026-12-08', dueOn: '2027-01-19' } },
  ]);
  expect(await onlyRefund(billing)).toMatchObject({ amount: 70_000n, refund: { status: 'DUE' } });
});

test('credit that is needed for meals nobody has billed yet is no money to refund', async () => {
  const [cut = ''] = await table.book(['2026-12-07', '2026-12-08']);
  await table.report(cut, 'CANCELLED');
  await leave();
  await checkRefunds(billing);
  expect(await refundsOf(billing)).toEqual([]);
});

test('a pupil who comes back needs no refund: the credit is for the next bill', async () => {
  const [cut = ''] = await table.book(['2026-12-07']);
  await billAndPay();
  await table.report(cut, 'CANCELLED');
  await leave();
  await checkRefunds(billing);
  expect(await asked()).toHaveLength(1);
  await billing.given.student({ id: studentId, version: 3 });
  wait(20_000);
  await checkRefunds(billing);
  expect(await refundsOf(billing)).toEqual([]);
  expect(await refundsOf(billing, true)).toMatchObject([{ refund: { status: 'CLOSED', why: 'CAME_BACK' }, amount: { minorUnits: 0n } }]);
  // Leaving again is another leaving.
  await billing.given.student({ id: studentId, leftOn: '2026-12-20', version: 4 });
  await checkRefunds(billing);
  expect(await asked()).toHaveLength(2);
});

test('where a credit is taken back nothing is left on the list, and should money come again it is told of no second time', async () => {
  const [cut = ''] = await table.book(['2026-12-07']);
  await billAndPay();
  await table.report(cut, 'CANCELLED');
  await leave();
  await checkRefunds(billing);
  await table.report(cut, 'CUT_LATE');
  wait(20_000);
  await checkRefunds(billing);
  expect(await refundsOf(billing)).toEqual([]);
  await table.report(cut, 'CANCELLED');
  wait(60_000);
  await checkRefunds(billing);
  expect(await onlyRefund(billing)).toMatchObject({ amount: 35_000n });
  expect(await asked()).toHaveLength(1);
  wait(401 * 86_400_000);
  await table.report(cut, 'CUT_LATE');
  await checkRefunds(billing);
  expect(await refundsOf(billing, true)).toMatchObject([{ refund: { status: 'CLOSED', why: 'NOTHING_LEFT' } }]);
});

test('a refund that there is not, and one that is over, are left alone', async () => {
  await billing.transact((tx) => checkRefund(tx, 'nothing'));
  expect(await checkRefunds(billing)).toBe(0);
});
