import { type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { later } from '../clock-time.ts';
import { type Defined, inForce } from '../dated.ts';
import type { Booking } from './booking.ts';
import { type SchoolYear, sessionsOn } from './calendar.ts';
import { type CutoffRule, cutoffAt } from './cutoff.ts';
import { type Meal, mealKey } from './meal.ts';

/**
 * Goes through booked meals once more, by pupil, day and meal, because a price, a cut-off rule or a calendar is new. It is a document, so
 * that it continues where a killed process left it.
 */
export type Recalculation = {
  readonly id: string;
  readonly why: 'PRICE' | 'CUTOFF' | 'CALENDAR';
  /** Of which meal; undefined for all. */
  readonly meal: Meal | undefined;
  readonly firstDay: SchoolDate;
  readonly lastDay: SchoolDate | undefined;
  readonly startedAt: Date;
  /** The last booking that was recalculated; empty at the beginning. */
  readonly cursor: string;
  readonly pass: 1 | 2;
  /** Not before then. */
  readonly dueAt: Date;
  readonly done: boolean;
};

/** Longer than any transaction lives. */
const secondPassMs = 20_000;

export function startRecalculation(wanted: Pick<Recalculation, 'id' | 'why' | 'meal' | 'firstDay' | 'lastDay'>, now: Date): Recalculation {
  return { ...wanted, startedAt: now, cursor: '', pass: 1, dueAt: now, done: false };
}

/**
 * `last` is the last booking of a chunk; undefined where there was none. A transaction that began before the recalculation may book by the
 * old price and commit behind its back, so it goes through all bookings a second time once such a transaction must have ended.
 */
export function moveOn(recalculation: Recalculation, last: Booking | undefined): Recalculation {
  if (last) return { ...recalculation, cursor: `${last.studentId}:${mealKey(last)}` };
  if (recalculation.pass === 1)
    return { ...recalculation, pass: 2, cursor: '', dueAt: new Date(recalculation.startedAt.getTime() + secondPassMs) };
  return { ...recalculation, done: true };
}

/** The cut-off of a booked meal by the rules of now: it moves only where the old and the new one are to come. */
export function movedCutoff(
  booking: Booking,
  rules: readonly Defined<CutoffRule>[],
  now: Date,
): Pick<Booking, 'cutoffAt' | 'halfDayRule'> | undefined {
  const rule = inForce(rules, booking);
  if (!rule) return undefined;
  const moved = { cutoffAt: cutoffAt(rule, booking.date), halfDayRule: rule.halfDayRule };
  return booking.cutoffAt > now && moved.cutoffAt > now ? moved : undefined;
}

/** Whether there is school on the day of a booked meal, by the calendars of now. A day that is over stays what it was. */
export function schoolOfDay(booking: Booking, years: readonly SchoolYear[]): Pick<Booking, 'sessions' | 'noSchoolReportedAt'> | undefined {
  const announcedAt = years.length === 0 ? undefined : years.map((year) => year.announcedAt).reduce(later);
  if (!announcedAt || booking.date < schoolDateOf(announcedAt)) return undefined;
  const sessions = sessionsOn(years, booking.date);
  if (sessions.ok) return { sessions: sessions.value, noSchoolReportedAt: undefined };
  return { sessions: booking.sessions, noSchoolReportedAt: booking.noSchoolReportedAt ?? announcedAt };
}
