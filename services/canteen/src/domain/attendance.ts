import type { SchoolDate } from '@schoolbell/kernel';
import { type HalfDayRule, halvesThatCount } from './cutoff.ts';
import type { Session } from './meal.ts';

/** What attendance said of one pupil and half-day; of two the one with the higher version holds. */
export type AttendanceFact = {
  /** Version of the pupil in attendance: it orders both halves of a day. */
  readonly version: number;
  readonly session: Session;
  readonly absent: boolean;
  /** When the school was told. */
  readonly reportedAt: Date;
};

/** Everything that attendance said of one pupil and day. Facts are kept whether or not a meal is booked: one may be booked later. */
export type AttendanceDay = { readonly studentId: string; readonly date: SchoolDate; readonly facts: readonly AttendanceFact[] };

/** The same fact twice is one. */
export function withFact(day: AttendanceDay, fact: AttendanceFact): AttendanceDay {
  if (day.facts.some(({ version }) => version === fact.version)) return day;
  return { ...day, facts: [...day.facts, fact].sort((a, b) => a.version - b.version) };
}

/** A pupil is away, told at `told`. With `hereSince` the pupil is here after all, and the school heard of that after the cut-off. */
export type Away = { readonly told: Date; readonly hereSince: Date | undefined };

export type MealRule = { readonly cutoffAt: Date; readonly halfDayRule: HalfDayRule; readonly sessions: readonly Session[] };

/**
 * Whether a pupil is away, as to one meal. A pure function of the set of facts, so that any order and repetition of them ends alike:
 * they are told over in the order of their versions. A cut that was told in time stands where its end was told after the cut-off,
 * since no portion was cooked; one that was told late simply ends, since its portion was.
 */
export function awayAsTo(facts: readonly AttendanceFact[], rule: MealRule): Away | undefined {
  const halves = new Map<Session, AttendanceFact>();
  let away: Away | undefined;
  for (const fact of facts.toSorted((a, b) => a.version - b.version)) {
    halves.set(fact.session, fact);
    const told = toldAway(halves, rule);
    const inTime = away !== undefined && away.told < rule.cutoffAt;
    if (told)
      away = inTime && away?.hereSince && told >= rule.cutoffAt ? { ...away, hereSince: undefined } : { told, hereSince: undefined };
    else if (away)
      away = inTime && fact.reportedAt >= rule.cutoffAt ? { ...away, hereSince: away.hereSince ?? fact.reportedAt } : undefined;
  }
  return away;
}

/** When the school had been told of all that counts; undefined while the pupil is not away. */
function toldAway(halves: ReadonlyMap<Session, AttendanceFact>, { halfDayRule, sessions }: MealRule): Date | undefined {
  const counting = halvesThatCount(halfDayRule, sessions);
  const times = counting.halves.flatMap((session) => {
    const fact = halves.get(session);
    return fact?.absent ? [fact.reportedAt.getTime()] : [];
  });
  if (times.length === 0) return undefined;
  if (counting.any) return new Date(Math.min(...times));
  return times.length === counting.halves.length ? new Date(Math.max(...times)) : undefined;
}
