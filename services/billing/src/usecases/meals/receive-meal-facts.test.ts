import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';
import type { MealFact, PortionStatus } from '../../domain/meals/portion.ts';
import { receiveMealFacts } from './receive-meal-facts.ts';

const schools = testSchools();
let billing: Billing;
let studentId: string;
beforeEach(async () => {
  billing = schools.newSchool();
  studentId = await billing.given.student();
});

const occurredAt = new Date('2026-12-07T00:30:00Z');
const bookingId = crypto.randomUUID();
const fact = (version: number, status: PortionStatus | undefined, changed: Partial<MealFact> = {}): MealFact => ({
  ...{ bookingId, date: '2026-12-07' as SchoolDate, meal: 'LUNCH', price: vnd(35_000n) },
  ...{ status, version, ...changed },
});
const receive = (...facts: MealFact[]) =>
  billing.transact((tx) =>
    receiveMealFacts(tx, { studentId, studentName: 'Bùi Thanh Giang', facts, eventId: crypto.randomUUID(), occurredAt }),
  );
const portions = async () => {
  const found = await billing.read((tx) => tx.mealMonths.find([{ studentId, month: '2026-12' as never }]));
  return found.flatMap((month) => month.portions);
};

test('a meal that is cut is credited once at the price in force, announced with the balance, and the books balance', async () => {
  await receive(fact(1, 'BOOKED'));
  expect(await billing.announced()).toEqual([]);
  await receive(fact(2, 'CANCELLED'));
  await receive(fact(2, 'CANCELLED'));
  expect(await billing.announced()).toMatchObject([
    {
      $case: 'accountCredited',
      value: {
        ...{ studentId, studentName: 'Bùi Thanh Giang', amount: { minorUnits: 35_000n }, reason: 4, receiptId: '', invoiceId: '' },
        ...{ meal: { bookingId, date: '2026-12-07', meal: 'LUNCH' }, balance: { minorUnits: 35_000n } },
      },
    },
  ]);
  expect(await billing.books()).toEqual({ 'meals:LUNCH': 35_000n, [`credit:${studentId}`]: -35_000n });
});

test('a cancellation that overtakes its booking is not lost, and the booking behind it changes nothing', async () => {
  await receive(fact(2, 'CANCELLED'));
  await receive(fact(1, 'BOOKED', { price: vnd(1n) }));
  expect(await portions()).toMatchObject([{ status: 'CANCELLED', price: vnd(35_000n), credited: vnd(35_000n) }]);
  expect(await billing.announced()).toHaveLength(1);
});

test('a meal that is on again takes its credit back, also below zero, and says so', async () => {
  await receive(fact(1, 'BOOKED'), fact(2, 'CANCELLED'), fact(3, 'BOOKED'));
  expect(await billing.announced()).toMatchObject([
    { $case: 'accountCredited', value: { balance: { minorUnits: 35_000n } } },
    { $case: 'creditReversed', value: { amount: { minorUnits: 35_000n }, reason: 4, balance: { minorUnits: 0n } } },
  ]);
  expect(await billing.books()).toMatchObject({ [`credit:${studentId}`]: 0n });
});

test('a cut that came too late credits nothing', async () => {
  await receive(fact(1, 'BOOKED'));
  await receive(fact(2, 'CUT_LATE'));
  expect(await portions()).toMatchObject([{ status: 'CUT_LATE', credited: vnd(0n) }]);
  expect(await billing.count('ledger')).toBe(0);
});

test('another price for meals that were cut moves their credit by the difference, announced under the name of the roster', async () => {
  await receive(fact(2, 'CANCELLED'));
  await billing.transact((tx) =>
    receiveMealFacts(tx, {
      ...{ studentId, studentName: '', eventId: crypto.randomUUID(), occurredAt },
      facts: [fact(3, undefined, { price: vnd(40_000n) })],
    }),
  );
  expect((await billing.announced()).at(-1)).toMatchObject({
    value: { studentName: 'Bùi Thanh Giang', amount: { minorUnits: 5_000n }, reason: 5, balance: { minorUnits: 40_000n } },
  });
});

test('several pupils in one transaction each have their own balance', async () => {
  const other = await billing.given.student({ name: 'Lê An' });
  await billing.transact(async (tx) => {
    for (const [at, pupil] of [studentId, other, studentId].entries()) {
      const facts = [fact(2, 'CANCELLED', { bookingId: crypto.randomUUID(), price: vnd(BigInt(at + 1) * 1_000n) })];
      await receiveMealFacts(tx, { studentId: pupil, studentName: 'A', facts, eventId: crypto.randomUUID(), occurredAt });
    }
  });
  const balances = (await billing.announced()).map((event) => ('balance' in event.value ? event.value.balance?.minorUnits : undefined));
  expect(balances.sort()).toEqual([1_000n, 2_000n, 4_000n].sort());
  expect(await billing.books()).toMatchObject({ [`credit:${studentId}`]: -4_000n, [`credit:${other}`]: -2_000n });
});

test('events of one meal that come at the same time credit it once', async () => {
  await Promise.all(Array.from({ length: 5 }, () => receive(fact(2, 'CANCELLED'))));
  expect(await billing.announced()).toHaveLength(1);
  expect(await billing.count('ledger')).toBe(1);
});

test('a pupil whose id is none is refused by a code', async () => {
  const event = { studentId: '7', studentName: '', facts: [fact(1, 'BOOKED')], eventId: 'e', occurredAt };
  expect(await billing.transact((tx) => receiveMealFacts(tx, event))).toMatchObject({ refusal: { code: 'STUDENT_ID_MALFORMED' } });
});
