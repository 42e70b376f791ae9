import type { SchoolDate } from '@schoolbell/kernel';
import { earlier, later } from '../clock-time.ts';
import { type Away, cameBack, wentAway } from './away.ts';
import { type HalfDayRule, halvesThatCount } from './cutoff.ts';
import type { Session } from './meal.ts';

/** What attendance announced of one pupil and half-day; of two the one with the higher version holds. */
export type AttendanceFact = {
  /** Version of the pupil in attendance: it orders both halves of a day. */
  readonly version: number;
  readonly session: Session;
  readonly absent: boolean;
  /** When the school was told: cut-offs compare with this. */
  readonly reportedAt: Date;
};

/** Everything that attendance announced of one pupil and day. Facts are kept whether or not a meal is booked: one may be booked later. */
export type AttendanceDay = { readonly studentId: string; readonly date: SchoolDate; readonly facts: readonly AttendanceFact[] };

/** The same fact twice is one. */
export function withFact(day: AttendanceDay, fact: AttendanceFact): AttendanceDay {
  if (day.facts.some(({ version }) => version === fact.version)) return day;
  return { ...day, facts: [...day.facts, fact].sort((a, b) => a.version - b.version) };
}

export type MealRule = { readonly cutoffAt: Date; readonly halfDayRule: HalfDayRule; readonly sessions: readonly Session[] };

/** One half-day. `reportedAt` is the first report of an absence that lasts, else the report of its end. */
type Half = { readonly absent: boolean; readonly wasAbsent: boolean; readonly reportedAt: Date };
type Halves = ReadonlyMap<Session, Half>;

/**
 * Whether a pupil is away, as to one meal. A pure function of the set of facts, so that any order and repetition of them ends alike:
 * it goes through them in the order of their versions.
 */
export function awayAsTo(facts: readonly AttendanceFact[], rule: MealRule): Away | undefined {
  const halves = new Map<Session, Half>();
  let away: Away | undefined;
  for (const fact of facts.toSorted((a, b) => a.version - b.version)) {
    halves.set(fact.session, halfAfter(halves.get(fact.session), fact));
    const reportedAt = awayReportedAt(halves, rule);
    away = reportedAt ? wentAway(away, reportedAt) : cameBack(away, returnReportedAt(halves, rule) ?? fact.reportedAt, rule.cutoffAt);
  }
  return away;
}

function halfAfter(before: Half | undefined, { absent, reportedAt }: AttendanceFact): Half {
  const goesOn = absent && before?.absent === true;
  const wasAbsent = before !== undefined && (before.absent || before.wasAbsent);
  return { absent, wasAbsent, reportedAt: goesOn ? earlier(before.reportedAt, reportedAt) : reportedAt };
}

/** When all absences that count were reported; undefined while the pupil is not away. */
function awayReportedAt(halves: Halves, { halfDayRule, sessions }: MealRule): Date | undefined {
  const counting = halvesThatCount(halfDayRule, sessions);
  const times = timesOf(halves, counting.halves, ({ absent }) => absent);
  if (counting.any) return first(times);
  return times.length === counting.halves.length ? last(times) : undefined;
}

/** When the end of an absence that counted was reported: news of another half-day does not end it. */
function returnReportedAt(halves: Halves, { halfDayRule, sessions }: MealRule): Date | undefined {
  const counting = halvesThatCount(halfDayRule, sessions);
  const times = timesOf(halves, counting.halves, ({ absent, wasAbsent }) => !absent && wasAbsent);
  return counting.any ? last(times) : first(times);
}

function timesOf(halves: Halves, sessions: readonly Session[], counts: (half: Half) => boolean): Date[] {
  return sessions.flatMap((session) => {
    const half = halves.get(session);
    return half && counts(half) ? [half.reportedAt] : [];
  });
}

function first(times: readonly Date[]): Date | undefined {
  return times.length === 0 ? undefined : times.reduce(earlier);
}

function last(times: readonly Date[]): Date | undefined {
  return times.length === 0 ? undefined : times.reduce(later);
}
