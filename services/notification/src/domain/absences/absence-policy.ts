import { addDays, err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import type { Mark, MarkKind } from './mark.ts';

/** Which marks a school tells guardians of, and when. Dated: it decides about marks of days from `effectiveFrom` on. */
export type AbsencePolicy = {
  /** Made by the caller; empty of the usual one. */
  readonly id: string;
  readonly effectiveFrom: SchoolDate;
  readonly tellWithoutLeave: boolean;
  readonly tellWithLeave: boolean;
  readonly tellLate: boolean;
  /** How long an alert is held after the mark was submitted: 0 to 120. */
  readonly graceMinutes: number;
  readonly confirmation: 'NOT_NEEDED' | 'NEEDED';
  /** How long it waits for a person where one is needed: up to 240. */
  readonly longestWaitMinutes: number;
  readonly citation: string;
};

export type LaidDown = AbsencePolicy & { readonly setAt: Date; readonly setBy: string };

/** Leave was asked by a guardian, who need not be told of it. A child who is missing without leave may be in danger. */
const usual: AbsencePolicy = {
  id: '',
  effectiveFrom: '2000-01-01' as SchoolDate,
  tellWithoutLeave: true,
  tellWithLeave: false,
  tellLate: false,
  graceMinutes: 10,
  confirmation: 'NOT_NEEDED',
  longestWaitMinutes: 60,
  citation: '',
};

/** The policy for marks of that day: the one that took effect last, and of two from the same day the one that was laid down later. */
export function policyOn(laidDown: readonly LaidDown[], date: SchoolDate): AbsencePolicy {
  const holding = laidDown.filter(({ effectiveFrom }) => effectiveFrom <= date);
  const last = (a: LaidDown, b: LaidDown) =>
    compare(a.effectiveFrom, b.effectiveFrom) || a.setAt.getTime() - b.setAt.getTime() || compare(a.id, b.id);
  return holding.toSorted(last).at(-1) ?? usual;
}

export type PolicyRefused =
  | { readonly code: 'GRACE_WRONG'; readonly most: number }
  | { readonly code: 'LONGEST_WAIT_WRONG'; readonly least: number; readonly most: number };

const mostGraceMinutes = 120;
const mostWaitMinutes = 240;

export function layDown(wanted: AbsencePolicy): Result<AbsencePolicy, PolicyRefused> {
  const { graceMinutes, longestWaitMinutes, confirmation } = wanted;
  if (graceMinutes < 0 || graceMinutes > mostGraceMinutes) return err({ code: 'GRACE_WRONG', most: mostGraceMinutes });
  const tooShort = confirmation === 'NEEDED' && longestWaitMinutes < graceMinutes;
  if (tooShort || longestWaitMinutes < 0 || longestWaitMinutes > mostWaitMinutes)
    return err({ code: 'LONGEST_WAIT_WRONG', least: graceMinutes, most: mostWaitMinutes });
  return ok(wanted);
}

export function samePolicy(a: AbsencePolicy, b: AbsencePolicy): boolean {
  return (Object.keys(usual) as (keyof AbsencePolicy)[]).every((name) => a[name] === b[name]);
}

export function tells(policy: AbsencePolicy, kind: MarkKind): boolean {
  switch (kind) {
    case 'ABSENT_WITHOUT_LEAVE':
      return policy.tellWithoutLeave;
    case 'ABSENT_WITH_LEAVE':
      return policy.tellWithLeave;
    case 'LATE':
      return policy.tellLate;
    case 'PRESENT':
    case 'EXPECTED':
    case 'NO_SCHOOL':
      return false;
  }
}

const dayBegins = '06:00';

/**
 * When the alert goes out unless something happens before. Reckoned from when the mark was submitted and not from when it is heard: after a
 * backlog of hours it is due at once. Leave for a day to come is told on that day, when it is known that the child stays away.
 */
export function releaseTime(policy: AbsencePolicy, { submittedAt, date }: Pick<Mark, 'submittedAt' | 'date'>): Date {
  const minutes = policy.confirmation === 'NEEDED' ? policy.longestWaitMinutes : policy.graceMinutes;
  const windowEnds = submittedAt.getTime() + minutes * 60_000;
  return new Date(Math.max(windowEnds, Date.parse(`${date}T${dayBegins}:00+07:00`)));
}

/** From the second day after it on, where a child was is for the school's list and no alarm any more. */
export function isStale(date: SchoolDate, now: Date): boolean {
  return date < addDays(schoolDateOf(now), -1);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
