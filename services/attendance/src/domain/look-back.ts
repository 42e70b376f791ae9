import { addDays, err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { type SchoolYear, schoolDayBefore } from './calendar.ts';
import type { HalfDay } from './half-day.ts';
import type { ActSource } from './mark.ts';
import type { Actor } from './rights.ts';

export type ToldTooEarly = { readonly code: 'TOLD_TOO_EARLY'; readonly earliest: SchoolDate };

export type TooLongAgo =
  | { readonly code: 'TOO_LONG_AGO'; readonly earliest: SchoolDate }
  | { readonly code: 'CORRECTION_NEEDED'; readonly earliest: SchoolDate };

/** As far as canteen lets the office change a meal: what is older has been billed and read by parents. */
export const teacherLooksBackDays = 31;

interface Marking {
  readonly scope: Actor['scope'];
  readonly source: ActSource;
  /** Somebody has called the roll of the half-day before. */
  readonly isCalled: boolean;
  readonly now: Date;
}

/** Marks that are older than a month money has followed: only the office touches them, and says why where something was said before. */
export function mayMark({ date }: HalfDay, { scope, source, isCalled, now }: Marking): Result<void, TooLongAgo> {
  const earliest = addDays(schoolDateOf(now), -teacherLooksBackDays);
  if (date >= earliest) return ok(undefined);
  if (scope !== 'SCHOOL') return err({ code: 'TOO_LONG_AGO', earliest });
  return isCalled && source === 'ROLL_CALL' ? err({ code: 'CORRECTION_NEEDED', earliest }) : ok(undefined);
}

/** A teacher hears of an absence on the school day before at the earliest; what was told before that is leave. */
export function mayHaveBeenTold(
  year: SchoolYear,
  { date }: HalfDay,
  { scope, reportedAt }: { readonly scope: Actor['scope']; readonly reportedAt: readonly (Date | undefined)[] },
): Result<void, ToldTooEarly> {
  if (scope === 'SCHOOL' || reportedAt.every((told) => told === undefined)) return ok(undefined);
  const earliest = schoolDayBefore(year, date);
  const isTooEarly = reportedAt.some((told) => told !== undefined && schoolDateOf(told) < earliest);
  return isTooEarly ? err({ code: 'TOLD_TOO_EARLY', earliest }) : ok(undefined);
}
