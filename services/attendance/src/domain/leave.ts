import { addDays, err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { type HalfDay, isAhead, isBefore, sameHalfDay } from './half-day.ts';

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
  ({ readonly status: 'STANDING' } | { readonly status: 'WITHDRAWN'; readonly withdrawnAt: Date; readonly withdrawnFrom: SchoolDate });

/** `reportedAt` is given where a person of the school writes down a call. */
export type LeaveWish = Pick<LeaveBase, 'id' | 'studentId' | 'first' | 'last' | 'reason'> & { readonly reportedAt: Date | undefined };

export type LeaveRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'LEAVE_ENDS_TOO_EARLY'; readonly first: SchoolDate }
  | { readonly code: 'LEAVE_TOO_LONG'; readonly mostDays: number }
  | { readonly code: 'LEAVE_TOO_LATE'; readonly earliest: SchoolDate }
  | { readonly code: 'REPORTED_BY_PARENT' }
  | { readonly code: 'CLOCK_AHEAD'; readonly at: Date; readonly now: Date };

const mostDays = 92;
// A mother may send the note of yesterday; what is weeks old is for the office to decide.
const daysBack = { PARENT: 7, SCHOOL: 60 } as const;

interface Asking {
  readonly by: string;
  /** A parent does not say when the school was told: the clock does. */
  readonly asParent: boolean;
  readonly now: Date;
}

export function requestLeave(
  earlier: LeaveRequest | undefined,
  wish: LeaveWish,
  { by, asParent, now }: Asking,
): Result<LeaveRequest, LeaveRefused> {
  if (earlier) return isWishedBy(earlier, wish) ? ok(earlier) : err({ code: 'ID_REUSED', id: wish.id });
  const { first, last, reportedAt } = wish;
  if (isBefore(last, first)) return err({ code: 'LEAVE_ENDS_TOO_EARLY', first: first.date });
  if (last.date > addDays(first.date, mostDays)) return err({ code: 'LEAVE_TOO_LONG', mostDays });
  const earliest = addDays(schoolDateOf(now), -daysBack[asParent ? 'PARENT' : 'SCHOOL']);
  if (first.date < earliest) return err({ code: 'LEAVE_TOO_LATE', earliest });
  if (asParent && reportedAt) return err({ code: 'REPORTED_BY_PARENT' });
  if (reportedAt && isAhead(reportedAt, now)) return err({ code: 'CLOCK_AHEAD', at: reportedAt, now });
  return ok({ ...wish, reportedAt: reportedAt ?? now, requestedBy: by, requestedAt: now, status: 'STANDING' });
}

/** Days that are over stay on leave: the pupil was away with it. */
export function withdraw(leave: LeaveRequest, now: Date): LeaveRequest {
  if (leave.status === 'WITHDRAWN') return leave;
  return { ...leave, status: 'WITHDRAWN', withdrawnAt: now, withdrawnFrom: schoolDateOf(now) };
}

export function covers(leave: LeaveRequest, half: HalfDay): boolean {
  if (leave.status === 'WITHDRAWN' && half.date >= leave.withdrawnFrom) return false;
  return !isBefore(half, leave.first) && !isBefore(leave.last, half);
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
