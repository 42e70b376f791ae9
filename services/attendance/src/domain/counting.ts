import type { SchoolDate } from '@schoolbell/kernel';
import type { HalfDay, Session } from './half-day.ts';
import type { AbsentKind } from './mark.ts';

export type AbsentHalfDay = HalfDay & { readonly kind: AbsentKind };

export type CountingPlan = 'ONE_SESSION_A_DAY' | 'TWO_SESSIONS_A_DAY';

/** How absences count towards promotion, from a day on. */
export type CountingRule = {
  readonly plan: CountingPlan;
  readonly sessions: readonly Session[];
  readonly limit: number;
  /** The limit binds from this grade on: primary pupils are completed by subject, whatever their absences (TT 27/2020). */
  readonly fromGrade: number;
  readonly citation: string;
  readonly effectiveFrom: SchoolDate;
  readonly effectiveUntil: SchoolDate | undefined;
};

/** `limit` is undefined where the rule sets the pupil none. */
export type AbsenceCount = Pick<CountingRule, 'plan' | 'citation' | 'effectiveFrom'> & {
  readonly counted: number;
  readonly limit: number | undefined;
};

// Sources read the 45 buổi of TT 22/2021 on a plan of two sessions a day and of one; until its text settles it, both are counted.
const countingRules: readonly CountingRule[] = [
  {
    plan: 'ONE_SESSION_A_DAY',
    sessions: ['MORNING'],
    limit: 45,
    fromGrade: 6,
    citation: 'TT 22/2021/TT-BGDĐT, Điều 12; tính theo 01 buổi/ngày (đang có cách hiểu khác)',
    effectiveFrom: '2021-09-05' as SchoolDate,
    effectiveUntil: undefined,
  },
  {
    plan: 'TWO_SESSIONS_A_DAY',
    sessions: ['MORNING', 'AFTERNOON'],
    limit: 45,
    fromGrade: 6,
    citation: 'TT 22/2021/TT-BGDĐT, Điều 12; tính theo 02 buổi/ngày (đang có cách hiểu khác)',
    effectiveFrom: '2021-09-05' as SchoolDate,
    effectiveUntil: undefined,
  },
];

/** One count for each rule in force on `day`. With leave or without, an absence counts alike (TT 22/2021, Art. 12). */
export function countAbsences(
  absences: readonly AbsentHalfDay[],
  { day, grade }: { readonly day: SchoolDate; readonly grade: number },
  rules = countingRules,
): AbsenceCount[] {
  return rules
    .filter(({ effectiveFrom, effectiveUntil }) => effectiveFrom <= day && (effectiveUntil === undefined || day < effectiveUntil))
    .map(({ plan, sessions, limit, fromGrade, citation, effectiveFrom }) => {
      const counted = absences.filter(({ date, session }) => date <= day && sessions.includes(session)).length;
      return { plan, citation, effectiveFrom, counted, limit: grade >= fromGrade ? limit : undefined };
    });
}
