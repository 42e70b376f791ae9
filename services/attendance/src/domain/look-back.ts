import { addDays, err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { type SchoolYear, schoolDayBefore } from './calendar.ts';
import type { HalfDay } from './half-day.ts';
import type { ActSource, Mark } from './mark.ts';
import { labelOf } from './pupil.ts';
import type { Actor } from './rights.ts';

/** Of leave. */
export type ToldTooEarly = { readonly code: 'TOLD_TOO_EARLY'; readonly earliest: SchoolDate };
/** Of one mark in a list. */
export type ReportTooEarly = {
  readonly code: 'REPORT_TOO_EARLY';
  readonly earliest: SchoolDate;
  readonly studentId: string;
  readonly student: string;
};

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
export function mayHaveBeenTold(year: SchoolYear, { date }: HalfDay, { scope, marks }: Telling): Result<void, ReportTooEarly> {
  if (scope === 'SCHOOL' || marks.every(({ reportedAt }) => reportedAt === undefined)) return ok(undefined);
  const earliest = schoolDayBefore(year, date);
  const at = marks.findIndex(({ reportedAt }) => reportedAt !== undefined && schoolDateOf(reportedAt) < earliest);
  const mark = marks[at];
  if (!mark) return ok(undefined);
  const { studentId } = mark;
  const named = marks.length > 1 ? { studentId, place: at + 1 } : { studentId };
  return err({ code: 'REPORT_TOO_EARLY', earliest, studentId, student: labelOf(named) });
}

interface Telling {
  readonly scope: Actor['scope'];
  readonly marks: readonly Pick<Mark, 'studentId' | 'reportedAt'>[];
}
