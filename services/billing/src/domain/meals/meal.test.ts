import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { monthOf, monthsOf, monthText, parseMonth } from './meal.ts';

test('a day belongs to its month, and the month reads as bills have it', () => {
  const month = monthOf('2026-12-07' as SchoolDate);
  expect(month).toBe('2026-12');
  expect(monthText(month)).toBe('12/2026');
});

test('only a real month is read', () => {
  expect(parseMonth('2026-12')).toBe('2026-12');
  for (const text of ['2026-13', '2026-1', '12/2026', '2026-12-01', '']) expect(parseMonth(text)).toBeUndefined();
});

test('a span of days touches every month between its ends, also across a year, and none when it ends before it begins', () => {
  const day = (text: string) => text as SchoolDate;
  expect(monthsOf(day('2026-11-30'), day('2027-02-01'))).toEqual(['2026-11', '2026-12', '2027-01', '2027-02']);
  expect(monthsOf(day('2026-12-01'), day('2026-12-01'))).toEqual(['2026-12']);
  expect(monthsOf(day('2026-12-02'), day('2026-12-01'))).toEqual([]);
});
