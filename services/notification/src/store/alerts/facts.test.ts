import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { invoicePaid, markedAt, origin } from '../../../test/given.ts';
import { waiting } from '../../domain/alerts/alert.ts';
import type { Fact } from '../../domain/alerts/fact.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { factFrom, kinds } from './facts.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
beforeAll(async () => {
  database = await open();
});
afterAll(() => database.close());

const date = '2026-11-23' as SchoolDate;
const name = { studentName: '$Bùi Thanh Giang' };
const half = { ...name, className: '1A', date, session: 'AFTERNOON', reportedAt: markedAt } as const;
const bill = { ...name, invoiceId: 'i1', invoiceTitle: 'Thu tháng 11' };
const credited = { date, meal: 'LUNCH', amount: vnd(4n), reason: 'ABSENT' } as const;
const late = { date, meal: 'LUNCH', price: vnd(6n), reason: 'ABSENT', cutoffAt: markedAt, reportedAt: markedAt } as const;
const facts: readonly Fact[] = [
  invoicePaid(),
  { ...bill, kind: 'PAYMENT_RECEIVED', received: vnd(1n), outstanding: vnd(2n), payment: { gateway: 'vnpay', transaction: '1' } },
  { ...bill, kind: 'ACCOUNT_CREDITED', amount: vnd(3n), reason: 'PAID_TWICE' },
  { ...name, kind: 'MEAL_CREDITED', meals: [credited, { ...credited, meal: 'SNACK' }], balance: vnd(5n) },
  { ...name, kind: 'MEAL_CREDIT_REVERSED', meals: [{ ...credited, reason: 'OTHER' }], balance: vnd(-5n) },
  { ...name, kind: 'MEAL_CUT_LATE', meals: [late, { ...late, meal: 'SNACK' }] },
  { ...name, kind: 'MEAL_CUT_LATE_ENDED', meals: [{ date, meal: 'LUNCH', price: vnd(6n), stands: 'CANCELLED' }] },
  { ...name, kind: 'REFUND_REQUESTED', amount: vnd(7n), leftOn: date, dueOn: date },
  { ...name, kind: 'REFUND_PAID', amount: vnd(8n), bankReference: 'FT1' },
  { ...half, kind: 'ABSENT', withLeave: false, source: 'GATE' },
  { ...half, kind: 'LATE' },
  { ...half, kind: 'MARK_RETRACTED', said: 'ABSENT', stands: 'PRESENT' },
];

test('a fact of every kind comes back as it was kept', async () => {
  expect(facts.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted());
  for (const fact of facts) {
    const alert = waiting(origin(`event of ${fact.kind}`), fact, markedAt);
    await database.transact({ schoolId: 'school' }, async (tx) => tx.alerts.insert(alert));
    const kept = await database.read({ schoolId: 'school' }, (tx) => tx.alerts.findOpen(`event of ${fact.kind}`));
    expect(kept?.fact).toEqual(fact);
  }
});

test('a document that lacks what its kind has is named and never told half', () => {
  expect(() => factFrom({ kind: 'ABSENT', studentName: 'x' })).toThrow('lacks className');
});

test('a fact that was kept when each told of one meal is read as it was meant', () => {
  const kept = { kind: 'MEAL_CUT_LATE', studentName: 'x', date, meal: 'LUNCH', amount: 6n, reason: 'ABSENT', cutoffAt: markedAt } as const;
  expect(factFrom({ ...kept, reportedAt: markedAt })).toEqual({ kind: 'MEAL_CUT_LATE', studentName: 'x', meals: [late] });
  const credit = { kind: 'MEAL_CREDITED', studentName: 'x', date, meal: 'LUNCH', amount: 4n, balance: 5n } as const;
  expect(factFrom(credit)).toMatchObject({ meals: [{ ...credited, reason: 'OTHER' }], balance: vnd(5n) });
  expect(() => factFrom(kept)).toThrow('lacks something of a meal');
  expect(() => factFrom({ kind: 'MEAL_CREDITED', studentName: 'x', balance: 5n })).toThrow('lacks meals');
});
