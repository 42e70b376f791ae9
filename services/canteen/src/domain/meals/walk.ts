import { type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { later } from '../clock-time.ts';
import { inForce, type LaidDown } from '../dated.ts';
import type { Booking } from './booking.ts';
import { type SchoolYear, sessionsOn } from './calendar.ts';
import { type CutoffRule, cutoffAt } from './cutoff.ts';
import { type Meal, mealKey } from './meal.ts';

/**
 * Booked meals are gone through once more, by pupil, day and meal, because something was laid down anew. It is a document, so that it goes on
 * where a killed process left it.
 */
export type Walk = {
  readonly id: string;
  readonly why: 'PRICE' | 'CUTOFF' | 'CALENDAR';
  /** Of which meal; undefined for all. */
  readonly meal: Meal | undefined;
  readonly firstDay: SchoolDate;
  readonly lastDay: SchoolDate | undefined;
  readonly startedAt: Date;
  /** The last booking that was looked at; empty at the beginning. */
  readonly cursor: string;
  readonly pass: 1 | 2;
  /** Not before then. */
  readonly dueAt: Date;
  readonly done: boolean;
};

/** Longer than any transaction lives. */
const secondPassMs = 20_000;

export function startWalk(wanted: Pick<Walk, 'id' | 'why' | 'meal' | 'firstDay' | 'lastDay'>, now: Date): Walk {
  return { ...wanted, startedAt: now, cursor: '', pass: 1, dueAt: now, done: false };
}

/**
 * `last` is the last booking of a chunk; undefined where there was none. A transaction that had begun before the walk may book by what
 * held then and commit behind its back, so all are looked at a second time once it must have ended.
 */
export function moveOn(walk: Walk, last: Booking | undefined): Walk {
  if (last) return { ...walk, cursor: `${last.studentId}:${mealKey(last)}` };
  if (walk.pass === 1) return { ...walk, pass: 2, cursor: '', dueAt: new Date(walk.startedAt.getTime() + secondPassMs) };
  return { ...walk, done: true };
}

/** The cut-off of a booked meal by the rules of now: it moves only where the old and the new one are to come. */
export function movedCutoff(
  booking: Booking,
  rules: readonly LaidDown<CutoffRule>[],
  now: Date,
): Pick<Booking, 'cutoffAt' | 'halfDayRule'> | undefined {
  const rule = inForce(rules, booking);
  if (!rule) return undefined;
  const moved = { cutoffAt: cutoffAt(rule, booking.date), halfDayRule: rule.halfDayRule };
  return booking.cutoffAt > now && moved.cutoffAt > now ? moved : undefined;
}

/** Whether there is school on the day of a booked meal, by the calendars of now. A day that is over stays what it was. */
export function schoolOfDay(booking: Booking, years: readonly SchoolYear[]): Pick<Booking, 'sessions' | 'noSchoolToldAt'> | undefined {
  const told = years.length === 0 ? undefined : years.map(({ announcedAt }) => announcedAt).reduce(later);
  if (!told || booking.date < schoolDateOf(told)) return undefined;
  const sessions = sessionsOn(years, booking.date);
  if (sessions.ok) return { sessions: sessions.value, noSchoolToldAt: undefined };
  return { sessions: booking.sessions, noSchoolToldAt: booking.noSchoolToldAt ?? told };
}
