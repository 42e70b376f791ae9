import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { earlier, instantOf, later, weekdayOf } from './clock-time.ts';

const day = (text: string) => text as SchoolDate;

test('a clock time is that of Vietnam, wherever the process runs', () => {
  expect(instantOf(day('2026-11-23'), '06:30').toISOString()).toBe('2026-11-22T23:30:00.000Z');
});

test('weeks begin on Monday', () => {
  expect([weekdayOf(day('2026-11-23')), weekdayOf(day('2026-11-29'))]).toEqual([1, 7]);
});

test('of two days the earlier and the later one are found', () => {
  const [monday, tuesday] = [day('2026-11-23'), day('2026-11-24')];
  expect([earlier(monday, tuesday), earlier(tuesday, monday), later(monday, tuesday), later(tuesday, monday)]).toEqual([
    ...[monday, monday, tuesday, tuesday],
  ]);
});
