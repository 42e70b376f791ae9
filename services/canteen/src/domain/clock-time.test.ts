import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { instantOf, weekdayOf } from './clock-time.ts';

const day = (text: string) => text as SchoolDate;

test('a clock time is that of Vietnam, wherever the process runs', () => {
  expect(instantOf(day('2026-11-23'), '06:30').toISOString()).toBe('2026-11-22T23:30:00.000Z');
});

test('weeks begin on Monday', () => {
  expect([weekdayOf(day('2026-11-23')), weekdayOf(day('2026-11-29'))]).toEqual([1, 7]);
});
