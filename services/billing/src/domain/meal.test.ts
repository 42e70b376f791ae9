import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { monthOf, monthText, parseMonth } from './meal.ts';

test('a day belongs to its month, and the month reads as bills have it', () => {
  const month = monthOf('2026-12-07' as SchoolDate);
  expect(month).toBe('2026-12');
  expect(monthText(month)).toBe('12/2026');
});

test('only a real month is read', () => {
  expect(parseMonth('2026-12')).toBe('2026-12');
  for (const text of ['2026-13', '2026-1', '12/2026', '2026-12-01', '']) expect(parseMonth(text)).toBeUndefined();
});
