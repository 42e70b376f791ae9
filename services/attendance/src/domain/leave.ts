import { addDays, err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { type HalfDay, isAhead, isBefore, sameHalfDay } from './half-day.ts';
import { type ToldTooEarly, teacherLooksBackDays } from './look-back.ts';
import type { CoveringLeave } from './mark.ts';
import type { Actor } from './rights.ts';

type LeaveBase = {
  readonly id: string;
  readonly studentId: string;
  readonly first: HalfDay;
  readonly last: HalfDay;
  /** The parent's own words: about health, mostly. In no event and no log. */
  readonly reason: string;
  readonly reportedAt: Date;
  readonly requestedBy: string;
  readonly requestedAt: Date;
};

export type LeaveRequest = LeaveBase &
  ({ readonly status: 'STANDING' } | { readonly status: 'WITHDRAWN'; readonly withdrawnAt: Date; readonly withdrawnFrom: HalfDay });

/** `reportedAt` is given where a person of the school writes down a call. */
export type LeaveWish = Pick<LeaveBase, 'id' | 'studentId' | 'first' | 'last' | 'reason'> & { readonly reportedAt: Date | undefined };

export type LeaveRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'LEAVE_ENDS_TOO_EARLY'; readonly first: SchoolDate }
  | { readonly code: 'LEAVE_TOO_LONG'; readonly mostDays: number }
  | { readonly code: 'LEAVE_TOO_LATE'; readonly earliest: SchoolDate }
  | { readonly code: 'REPORTED_BY_PARENT' }
  | ToldTooEarly
  | { readonly code: 'CLOCK_AHEAD'; readonly at: Date; readonly now: Date };

const mostDays = 92;
// A mother may send the note of yesterday; what is weeks old is for the office to decide.
const daysBack = { CHILDREN: 7, CLASSES: teacherLooksBackDays, SCHOOL: 60 } as const;

interface Asking {
  readonly by: string;
  /** A parent does not say when the school was told: the clock does. */
  readonly scope: Actor['scope'];
  readonly now: Date;
}

export function requestLeave(
  earlier: LeaveRequest | undefined,
  wish: LeaveWish,
  { by, scope, now }: Asking,
): Result<LeaveRequest, LeaveRefused> {
  if (earlier) return isWishedBy(earlier, wish) ? ok(earlier) : err({ code: 'ID_REUSED', id: wish.id });
  const { first, last, reportedAt } = wish;
  if (isBefore(last, first)) return err({ code: 'LEAVE_ENDS_TOO_EARLY', first: first.date });
  if (last.date > addDays(first.date, mostDays)) return err({ code: 'LEAVE_TOO_LONG', mostDays });
  const earliest = addDays(schoolDateOf(now), -daysBack[scope]);
  if (first.date < earliest) return err({ code: 'LEAVE_TOO_LATE', earliest });
  if (reportedAt && scope === 'CLASSES' && schoolDateOf(reportedAt) < earliest) return err({ code: 'TOLD_TOO_EARLY', earliest });
  if (scope === 'CHILDREN' && reportedAt) return err({ code: 'REPORTED_BY_PARENT' });
  if (reportedAt && isAhead(reportedAt, now)) return err({ code: 'CLOCK_AHEAD', at: reportedAt, now });
  return ok({ ...wish, reportedAt: reportedAt ?? now, requestedBy: by, requestedAt: now, status: 'STANDING' });
}

/** Half-days before `from` stay on leave: the pupil was away with it. */
export function withdraw(leave: LeaveRequest, { from, now }: { readonly from: HalfDay; readonly now: Date }): LeaveRequest {
  if (leave.status === 'WITHDRAWN') return leave;
  return { ...leave, status: 'WITHDRAWN', withdrawnAt: now, withdrawnFrom: from };
}

/** What the leave means for a half-day; nothing where it is not of its span. */
export function covering(leave: LeaveRequest, half: HalfDay): CoveringLeave | undefined {
  if (isBefore(half, leave.first) || isBefore(leave.last, half)) return undefined;
  const { id, reportedAt, requestedAt, requestedBy } = leave;
  const isEnded = leave.status === 'WITHDRAWN' && !isBefore(half, leave.withdrawnFrom);
  return { id, reportedAt, requestedAt, requestedBy, endedAt: isEnded ? leave.withdrawnAt : undefined };
}

function isWishedBy(leave: LeaveRequest, { studentId, first, last, reason, reportedAt }: LeaveWish): boolean {
  return (
    leave.studentId === studentId &&
    leave.reason === reason &&
    sameHalfDay(leave.first, first) &&
    sameHalfDay(leave.last, last) &&
    (reportedAt === undefined || reportedAt.getTime() === leave.reportedAt.getTime())
  );
}
