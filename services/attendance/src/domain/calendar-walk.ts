import type { SchoolDate } from '@schoolbell/kernel';
import { changedHalves, type SchoolYear, schoolOn } from './calendar.ts';
import { type Change, isOutOfPlace, standsAlike, type Told } from './change.ts';
import { type HalfDay, sameHalfDay } from './half-day.ts';
import type { PupilDays } from './leave-marks.ts';
import { standingOf } from './mark.ts';
import { coveringOf } from './roll.ts';
import { reportsOf } from './roll-call.ts';

/**
 * A calendar was laid down anew: class by class it is looked at how pupils stand in the half-days that it opens or closes. It is a document,
 * so that it goes on where a killed process left it.
 */
export type CalendarWalk = {
  /** The calendar that was laid down. */
  readonly id: string;
  /** The one before it. */
  readonly before: string;
  readonly startedAt: Date;
  /** The last class that was looked at; empty at the beginning. */
  readonly classId: string;
  /** Not before then. */
  readonly dueAt: Date;
  readonly done: boolean;
};

/**
 * Longer than any transaction lives: whoever reckoned by the calendar of before has ended. By then canteen has closed its meals too, and
 * an absence that ends with the school day books none of them again.
 */
const waitMs = 20_000;

/** Nothing where no half-day opens or closes. */
export function startWalk(before: SchoolYear, after: SchoolYear, now: Date): CalendarWalk | undefined {
  if (changedHalves(before, after).length === 0) return undefined;
  const dueAt = new Date(now.getTime() + waitMs);
  return { id: after.id, before: before.id, startedAt: now, classId: '', dueAt, done: false };
}

/** `classId` is the class that was looked at; undefined where none was left. */
export function moveOn(walk: CalendarWalk, classId: string | undefined): CalendarWalk {
  return classId === undefined ? { ...walk, done: true } : { ...walk, classId };
}

/** An absent or late pupil as others were told. */
export type ToldHalfDay = HalfDay & Told;

/**
 * What others must hear of one pupil: how the pupil stands by the calendars of now against what they were told. So it does not matter how
 * often it is looked at, nor what was said meanwhile.
 */
export function changesByCalendar(
  { pupil, halves, rollCalls, leaves }: PupilDays,
  told: readonly ToldHalfDay[],
  years: readonly SchoolYear[],
): Change[] {
  return halves.flatMap((half): Change[] => {
    const known = told.find((one) => sameHalfDay(one, half));
    const before = known && { kind: known.kind, reportedAt: known.reportedAt };
    const school = schoolOn(holding(years, half.date), half);
    if (!school.ok) return before ? [{ pupil, halfDay: half, before, after: undefined, noSchool: school.refusal }] : [];
    const reports = reportsOf(rollCalls.filter((one) => sameHalfDay(one, half))).get(pupil.id) ?? [];
    const after = standingOf(reports, coveringOf(leaves, pupil.id, half));
    if (!before && !isOutOfPlace(after)) return [];
    return standsAlike(before, after) ? [] : [{ pupil, halfDay: half, before, after }];
  });
}

function holding(years: readonly SchoolYear[], date: SchoolDate): SchoolYear | undefined {
  return years.find(({ firstDay, lastDay }) => firstDay <= date && date <= lastDay);
}
