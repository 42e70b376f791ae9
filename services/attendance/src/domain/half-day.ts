import { type SchoolDate, schoolDateOf } from '@schoolbell/kernel';

/** Half of a school day: a buổi. */
export type Session = 'MORNING' | 'AFTERNOON';
export type HalfDay = { readonly date: SchoolDate; readonly session: Session };

const sessions: readonly Session[] = ['MORNING', 'AFTERNOON'];

export function sameHalfDay(a: HalfDay, b: HalfDay): boolean {
  return a.date === b.date && a.session === b.session;
}

/** True where `a` comes before `b`. */
export function isBefore(a: HalfDay, b: HalfDay): boolean {
  return a.date < b.date || (a.date === b.date && sessions.indexOf(a.session) < sessions.indexOf(b.session));
}

export function halvesOf(date: SchoolDate): HalfDay[] {
  return sessions.map((session) => ({ date, session }));
}

/** The instant of a clock time ("06:00") of a day in Vietnam. */
export function instantOf(date: SchoolDate, clock: string): Date {
  return new Date(`${date}T${clock}:00+07:00`);
}

/** ISO: 1 is Monday, 7 Sunday. */
export function weekdayOf(date: SchoolDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

/** Clocks of devices differ a little; more than this is a mark from the future. */
const clockSkewMs = 2 * 60_000;

export function isAhead(instant: Date, now: Date): boolean {
  return instant.getTime() > now.getTime() + clockSkewMs;
}

export function isFutureDay(date: SchoolDate, now: Date): boolean {
  return date > schoolDateOf(now);
}
