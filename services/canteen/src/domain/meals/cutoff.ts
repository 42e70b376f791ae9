import { addDays, type SchoolDate } from '@schoolbell/kernel';
import { instantOf } from '../clock-time.ts';
import type { Dated } from '../dated.ts';
import type { Session } from './meal.ts';

/** Which absence takes a meal off the kitchen's count. */
export type HalfDayRule = 'WHOLE_DAY' | 'MORNING' | 'AFTERNOON' | 'ANY_HALF';

/** Until when a meal can be cancelled: a clock time of Vietnam so many calendar days before it. */
export type CutoffRule = Dated & { readonly daysBefore: number; readonly time: string; readonly halfDayRule: HalfDayRule };

export function cutoffAt({ daysBefore, time }: CutoffRule, date: SchoolDate): Date {
  return instantOf(addDays(date, -daysBefore), time);
}

export function ruleContent({
  meal,
  daysBefore,
  time,
  halfDayRule,
  effectiveFrom,
  effectiveUntil,
  citation,
}: CutoffRule): readonly unknown[] {
  return [meal, daysBefore, time, halfDayRule, effectiveFrom, effectiveUntil, citation];
}

/** The half-days whose absence counts, and whether one of them is enough. A day with one half-day of school is whole with that one. */
export function halvesThatCount(
  rule: HalfDayRule,
  sessions: readonly Session[],
): { readonly halves: readonly Session[]; readonly any: boolean } {
  switch (rule) {
    case 'MORNING':
    case 'AFTERNOON':
      return { halves: [rule], any: false };
    default:
      return { halves: sessions, any: rule === 'ANY_HALF' };
  }
}
