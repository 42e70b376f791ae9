import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { halvesOf, instantOf, isAhead, isBefore, isFutureDay, sameHalfDay, weekdayOf } from './half-day.ts';

const day = (text: string) => text as SchoolDate;
const [morning, afternoon] = halvesOf(day('2026-11-23'));

test('half-days come in the order of the day', () => {
  if (!morning || !afternoon) throw new Error('A day has two halves');
  expect(isBefore(morning, afternoon)).toBe(true);
  expect(isBefore(afternoon, morning)).toBe(false);
  expect(isBefore(afternoon, { date: day('2026-11-24'), session: 'MORNING' })).toBe(true);
  expect(sameHalfDay(morning, { ...morning })).toBe(true);
  expect(sameHalfDay(morning, afternoon)).toBe(false);
});

test("a clock time is Vietnam's, and so is the day that has not come", () => {
  expect(instantOf(day('2026-11-23'), '06:00').toISOString()).toBe('2026-11-22T23:00:00.000Z');
  expect(isFutureDay(day('2026-11-23'), new Date('2026-11-22T16:59:59Z'))).toBe(true);
  expect(isFutureDay(day('2026-11-23'), new Date('2026-11-22T17:00:00Z'))).toBe(false);
});

test('weeks begin on Monday and end with day 7', () => {
  expect([weekdayOf(day('2026-11-22')), weekdayOf(day('2026-11-23'))]).toEqual([7, 1]);
});

test('a clock may be two minutes ahead and no more', () => {
  const now = new Date('2026-11-23T01:00:00Z');
  expect(isAhead(new Date('2026-11-23T01:02:00Z'), now)).toBe(false);
  expect(isAhead(new Date('2026-11-23T01:02:00.001Z'), now)).toBe(true);
});
