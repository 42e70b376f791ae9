import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';
import { billMonth, type Table, tableOf } from '../../../test/meals.ts';
import { givenSupport, settleSupports } from '../../../test/support.ts';
import { endLunchSupport } from './end-lunch-support.ts';

const schools = testSchools();
let billing: Billing;
let studentId: string;
let table: Table;
const at = (text: string) => billing.database.setNow(new Date(text));
beforeEach(async () => {
  billing = schools.newSchool();
  at('2026-12-07T03:00:00Z');
  studentId = await billing.given.student();
  table = tableOf(billing, studentId);
});
const week = ['2026-12-07', '2026-12-08', '2026-12-09'];
const told = async () =>
  (await billing.announced()).flatMap((event) =>
    event.$case === 'accountCredited' || event.$case === 'creditReversed'
      ? [`${event.$case === 'creditReversed' ? '-' : ''}${event.value.amount?.minorUnits} ${event.value.meal?.date} ${event.value.reason}`]
      : [],
  );

test('a lunch is supported when its day is over, each once, told by day, and paid by whoever supports it', async () => {
  await table.book(week);
  await givenSupport(billing, studentId);
  await settleSupports(billing);
  expect(await told()).toEqual([]);
  at('2026-12-09T03:00:00Z');
  expect(await settleSupports(billing)).toBe(true);
  await settleSupports(billing);
  expect(await told()).toEqual(['30000 2026-12-07 6', '30000 2026-12-08 6']);
  expect(await billing.books()).toEqual({ 'subsidy:HCMC': 60_000n, [`credit:${studentId}`]: -60_000n });
  at('2026-12-10T03:00:00Z');
  await settleSupports(billing);
  expect(await table.credit()).toBe(90_000n);
});

test('meals that were cut, in time or late, are not paid for by public money', async () => {
  const [cut = '', late = ''] = await table.book(week);
  await givenSupport(billing, studentId);
  await table.report(cut, 'CANCELLED');
  await table.report(late, 'CUT_LATE');
  at('2026-12-10T03:00:00Z');
  await settleSupports(billing);
  expect(await told()).toEqual(['35000 2026-12-07 4', '30000 2026-12-09 6']);
});

test('an absence that is told a day later takes the support back, and its correction brings it again', async () => {
  const [late = ''] = await table.book(week);
  await givenSupport(billing, studentId);
  at('2026-12-08T03:00:00Z');
  await settleSupports(billing);
  await table.report(late, 'CUT_LATE');
  expect(await settleSupports(billing)).toBe(true);
  expect(await table.credit()).toBe(0n);
  await table.report(late, 'BOOKED');
  await settleSupports(billing);
  expect(await told()).toEqual(['30000 2026-12-07 6', '-30000 2026-12-07 6', '30000 2026-12-07 6']);
  expect(await table.credit()).toBe(30_000n);
});

test('meals that are heard of only after their day are supported all the same', async () => {
  await givenSupport(billing, studentId);
  at('2026-12-10T03:00:00Z');
  await settleSupports(billing);
  await table.book(week);
  await settleSupports(billing);
  expect(await table.credit()).toBe(90_000n);
});

test('a right that is granted for days gone by pays for them', async () => {
  await table.book(week);
  at('2026-12-20T03:00:00Z');
  await givenSupport(billing, studentId, { effectiveUntil: '2026-12-09' as SchoolDate });
  await settleSupports(billing);
  expect(await told()).toEqual(['30000 2026-12-07 6', '30000 2026-12-08 6']);
  expect(await settleSupports(billing)).toBe(false);
});

test('a right that ends before what was paid takes the days behind its end back', async () => {
  await table.book([...week, '2027-01-04']);
  const grantId = await givenSupport(billing, studentId);
  at('2027-01-10T03:00:00Z');
  await settleSupports(billing);
  expect(await table.credit()).toBe(120_000n);
  await billing.transact((tx) => endLunchSupport(tx, { grantId, effectiveUntil: '2026-12-08' as SchoolDate }));
  expect(await settleSupports(billing)).toBe(true);
  expect(await table.credit()).toBe(30_000n);
  expect(await billing.books()).toMatchObject({ 'subsidy:HCMC': 30_000n });
});

test('another price moves the support with it where the lunch costs less than the right', async () => {
  const [cheap = ''] = await table.book(week.slice(0, 1));
  await givenSupport(billing, studentId, { amountPerDay: vnd(40_000n) });
  at('2026-12-08T03:00:00Z');
  await settleSupports(billing);
  await table.costs([cheap], 38_000n);
  await settleSupports(billing);
  await table.costs([cheap], 45_000n);
  await settleSupports(billing);
  expect(await told()).toEqual(['35000 2026-12-07 6', '3000 2026-12-07 6', '2000 2026-12-07 6']);
});

test('support that was credited lowers the next bill', async () => {
  await table.book([...week, '2027-01-04', '2027-01-05']);
  await givenSupport(billing, studentId);
  await billMonth(billing, '2026-12');
  at('2026-12-31T03:00:00Z');
  await settleSupports(billing);
  await billMonth(billing, '2027-01');
  expect(await billing.books()).toMatchObject({ [`receivable:${studentId}`]: 5n * 35_000n - 70_000n, [`credit:${studentId}`]: -20_000n });
});

test('pupils without a right cost one look and get nothing, and many months are done piece by piece', async () => {
  at('2026-12-10T03:00:00Z');
  for (let each = 0; each < 5; each++) await tableOf(billing, await billing.given.student()).book(week);
  expect(await settleSupports(billing)).toBe(true);
  expect(await settleSupports(billing)).toBe(false);
  expect(await billing.count('ledger')).toBe(0);
});

test('a month in which nothing has a price is looked at once too', async () => {
  at('2026-12-10T03:00:00Z');
  await table.book(week, { price: 0n });
  expect(await settleSupports(billing)).toBe(true);
  expect(await settleSupports(billing)).toBe(false);
});

test('the day that just ended waits a few minutes for facts that are still being written', async () => {
  await table.book(week.slice(0, 1));
  await givenSupport(billing, studentId);
  at('2026-12-07T17:05:00Z');
  await settleSupports(billing);
  expect(await told()).toEqual([]);
  at('2026-12-07T17:11:00Z');
  await settleSupports(billing);
  expect(await told()).toHaveLength(1);
});
