import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import { later, weekdayOf } from '../clock-time.ts';
import type { Session } from './meal.ts';

type Holiday = { readonly firstDay: SchoolDate; readonly lastDay: SchoolDate; readonly name: string; readonly citation: string };

/** The calendar of one school year as attendance announced it. */
export type SchoolYear = {
  /** "2026-2027" */
  readonly name: string;
  readonly firstDay: SchoolDate;
  readonly lastDay: SchoolDate;
  readonly holidays: readonly Holiday[];
  /** Weekdays with school in each half of the day, ISO: 1 is Monday. */
  readonly weekdays: Readonly<Record<Session, readonly number[]>>;
  /** When attendance announced this version. */
  readonly announcedAt: Date;
};

export type NoSchool =
  | { readonly code: 'OUTSIDE_SCHOOL_YEAR'; readonly date: SchoolDate }
  | { readonly code: 'HOLIDAY'; readonly date: SchoolDate; readonly name: string; readonly citation: string }
  | { readonly code: 'NO_SCHOOL_DAY'; readonly date: SchoolDate };

/** First day of the school year that began last; in summer that of the one gone by. Undefined while none has begun. */
export function yearBegan(years: readonly SchoolYear[], today: SchoolDate): SchoolDate | undefined {
  const begun = years.flatMap(({ firstDay }) => (firstDay <= today ? [firstDay] : []));
  return begun.length === 0 ? undefined : begun.reduce(later);
}

/** The half-days of school on a day, at least one. */
export function sessionsOn(years: readonly SchoolYear[], date: SchoolDate): Result<readonly Session[], NoSchool> {
  const year = years.find(({ firstDay, lastDay }) => firstDay <= date && date <= lastDay);
  if (!year) return err({ code: 'OUTSIDE_SCHOOL_YEAR', date });
  const holiday = year.holidays.find(({ firstDay, lastDay }) => firstDay <= date && date <= lastDay);
  if (holiday) return err({ code: 'HOLIDAY', date, name: holiday.name, citation: holiday.citation });
  const sessions = (['MORNING', 'AFTERNOON'] as const).filter((session) => year.weekdays[session].includes(weekdayOf(date)));
  return sessions.length > 0 ? ok(sessions) : err({ code: 'NO_SCHOOL_DAY', date });
}
