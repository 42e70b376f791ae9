import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { invoicePaid, mark, mealCredited, mealCutLate } from '../../../test/given.ts';
import { type Fact, isOfTheDay, laneOf } from './fact.ts';

const today = '2026-11-23' as SchoolDate;

test('where a child is, is urgent, and what moves money in rounds is not', () => {
  const { studentName, className, session, reportedAt } = mark();
  const late: Fact = { kind: 'LATE', studentName, className, date: today, session, reportedAt };
  expect(laneOf(late, today)).toBe('URGENT');
  expect(laneOf(invoicePaid(), today)).toBe('BULK');
  expect(laneOf({ kind: 'REFUND_PAID', studentName, amount: vnd(1n), bankReference: 'FT1' }, today)).toBe('BULK');
});

test('a meal of today that somebody cut is urgent; what the calendar or the plan cuts, and meals of other days, come with the rest', () => {
  for (const reason of ['ABSENT', 'GUARDIAN', 'OFFICE'] as const) {
    expect(laneOf(mealCredited({ date: today, reason }), today)).toBe('URGENT');
    expect(laneOf(mealCutLate({ date: today, reason }), today)).toBe('URGENT');
    expect(laneOf(mealCredited({ date: '2026-11-24' as SchoolDate, reason }), today)).toBe('BULK');
  }
  for (const reason of ['NO_SCHOOL', 'PLAN_ENDED', 'LEFT'] as const)
    expect(laneOf(mealCredited({ date: today, reason }), today)).toBe('BULK');
});

test('only where a child is grows old within a day', () => {
  expect(isOfTheDay('ABSENT')).toBe(true);
  expect(isOfTheDay('MEAL_CREDITED')).toBe(false);
});
