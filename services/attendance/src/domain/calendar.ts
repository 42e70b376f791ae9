import { addDays, err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { type HalfDay, halvesOf, instantOf, isAhead, isFutureDay, type Session, weekdayOf } from './half-day.ts';

export type Holiday = {
  readonly firstDay: SchoolDate;
  readonly lastDay: SchoolDate;
  readonly name: string;
  /** Where it is laid down. */
  readonly citation: string;
};

/** One version of the calendar of one school year; the newest version of a year counts. */
export type SchoolYear = {
  readonly id: string;
  /** "2026-2027" */
  readonly name: string;
  readonly firstDay: SchoolDate;
  readonly lastDay: SchoolDate;
  readonly citation: string;
  readonly holidays: readonly Holiday[];
  /** Weekdays with school in each half of the day, ISO: 1 is Monday. */
  readonly weekdays: Readonly<Record<Session, readonly number[]>>;
  /** From when a roll may be called, Vietnam's time: "06:00". */
  readonly opens: Readonly<Record<Session, string>>;
};

export type NoSchool =
  | { readonly code: 'OUTSIDE_SCHOOL_YEAR'; readonly date: SchoolDate }
  | { readonly code: 'HOLIDAY'; readonly date: SchoolDate; readonly name: string; readonly citation: string }
  | { readonly code: 'NO_SESSION'; readonly date: SchoolDate; readonly session: Session };

export type TooEarly =
  | { readonly code: 'IN_THE_FUTURE'; readonly date: SchoolDate }
  | { readonly code: 'CLOCK_AHEAD'; readonly at: Date; readonly now: Date }
  | { readonly code: 'SESSION_NOT_OPEN'; readonly date: SchoolDate; readonly session: Session; readonly opensAt: Date };

export type YearRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'YEAR_ENDS_TOO_EARLY'; readonly firstDay: SchoolDate }
  | { readonly code: 'YEAR_TOO_LONG'; readonly lastDay: SchoolDate }
  | { readonly code: 'YEARS_OVERLAP'; readonly otherName: string }
  | { readonly code: 'HOLIDAY_WRONG'; readonly name: string };

const longestYearDays = 400;
// The calendar knows when the doors open and not when lessons begin.
const lessonsBeginMs = 2 * 3_600_000;
const longestHolidayDays = 120;

/** Whether this half-day is one of school. */
export function schoolOn(year: SchoolYear | undefined, { date, session }: HalfDay): Result<SchoolYear, NoSchool> {
  if (!year || date < year.firstDay || date > year.lastDay) return err({ code: 'OUTSIDE_SCHOOL_YEAR', date });
  const holiday = year.holidays.find(({ firstDay, lastDay }) => firstDay <= date && date <= lastDay);
  if (holiday) return err({ code: 'HOLIDAY', date, name: holiday.name, citation: holiday.citation });
  if (!year.weekdays[session].includes(weekdayOf(date))) return err({ code: 'NO_SESSION', date, session });
  return ok(year);
}

/** Whether marks of this half-day may have been taken at `takenAt`: nobody is present or away before the doors open. */
export function hasBegun(
  year: SchoolYear,
  { date, session }: HalfDay,
  { takenAt, now }: { takenAt: Date; now: Date },
): Result<void, TooEarly> {
  if (isFutureDay(date, now)) return err({ code: 'IN_THE_FUTURE', date });
  if (isAhead(takenAt, now)) return err({ code: 'CLOCK_AHEAD', at: takenAt, now });
  const opensAt = instantOf(date, year.opens[session]);
  return takenAt < opensAt ? err({ code: 'SESSION_NOT_OPEN', date, session, opensAt }) : ok(undefined);
}

/** The half-days of school from one to another, both included. */
export function schoolHalfDays(year: SchoolYear, first: HalfDay, last: HalfDay): HalfDay[] {
  const found: HalfDay[] = [];
  for (let date = first.date; date <= last.date; date = addDays(date, 1)) {
    for (const half of halvesOf(date)) {
      if (date === first.date && first.session === 'AFTERNOON' && half.session === 'MORNING') continue;
      if (date === last.date && last.session === 'MORNING' && half.session === 'AFTERNOON') continue;
      if (schoolOn(year, half).ok) found.push(half);
    }
  }
  return found;
}

/** Half-days that are of school by one of two calendars and not by the other. */
export function changedHalves(before: SchoolYear, after: SchoolYear): HalfDay[] {
  const [firstDay, lastDay] = [earlier(before.firstDay, after.firstDay), later(before.lastDay, after.lastDay)];
  const halves: HalfDay[] = [];
  for (let date = firstDay; date <= lastDay; date = addDays(date, 1))
    halves.push(...halvesOf(date).filter((half) => schoolOn(before, half).ok !== schoolOn(after, half).ok));
  return halves;
}

/** The first half-day that can still be begun: two hours after the doors open who is not there is away. */
export function firstToCome(year: SchoolYear | undefined, now: Date): HalfDay {
  const today = schoolDateOf(now);
  const begins = ({ session }: HalfDay): number => (year ? instantOf(today, year.opens[session]).getTime() + lessonsBeginMs : Infinity);
  return halvesOf(today).find((half) => now.getTime() < begins(half)) ?? { date: addDays(today, 1), session: 'MORNING' };
}

/** The last day with school before `date`; the day before where the year has none. */
export function schoolDayBefore(year: SchoolYear, date: SchoolDate): SchoolDate {
  for (let back = 1; back <= longestHolidayDays; back++) {
    const day = addDays(date, -back);
    if (halvesOf(day).some((half) => schoolOn(year, half).ok)) return day;
  }
  return addDays(date, -1);
}

/** `others` are the newest versions of the school's years; a year may be laid down again under the same name. */
export function defineYear(
  earlier: SchoolYear | undefined,
  wanted: SchoolYear,
  others: readonly SchoolYear[],
): Result<SchoolYear, YearRefused> {
  if (earlier) return isSame(earlier, wanted) ? ok(earlier) : err({ code: 'ID_REUSED', id: wanted.id });
  const { firstDay, lastDay, name } = wanted;
  if (lastDay <= firstDay) return err({ code: 'YEAR_ENDS_TOO_EARLY', firstDay });
  if (lastDay > addDays(firstDay, longestYearDays)) return err({ code: 'YEAR_TOO_LONG', lastDay });
  const other = others.find((year) => year.name !== name && year.firstDay <= lastDay && firstDay <= year.lastDay);
  if (other) return err({ code: 'YEARS_OVERLAP', otherName: other.name });
  const wrong = wanted.holidays.find((day) => day.lastDay < day.firstDay || day.firstDay < firstDay || day.lastDay > lastDay);
  if (wrong) return err({ code: 'HOLIDAY_WRONG', name: wrong.name });
  return ok(wanted);
}

function earlier(a: SchoolDate, b: SchoolDate): SchoolDate {
  return a < b ? a : b;
}

function later(a: SchoolDate, b: SchoolDate): SchoolDate {
  return a > b ? a : b;
}

function isSame(a: SchoolYear, b: SchoolYear): boolean {
  return JSON.stringify(contentOf(a)) === JSON.stringify(contentOf(b));
}

function contentOf({ name, firstDay, lastDay, citation, holidays, weekdays, opens }: SchoolYear): unknown[] {
  const days = holidays.map((day) => [day.firstDay, day.lastDay, day.name, day.citation]);
  return [name, firstDay, lastDay, citation, days, weekdays.MORNING, weekdays.AFTERNOON, opens.MORNING, opens.AFTERNOON];
}
