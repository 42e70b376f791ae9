import type { SchoolDate } from '@schoolbell/kernel';
import { collection, index, type Page, type PageRequest, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { Session as DaySession } from '../domain/half-day.ts';
import type { LeaveRequest } from '../domain/leave.ts';

const { as, day, flat, id, instant, since, statesBy, text, textOf } = stored;

const half = textOf<DaySession>();
const leave = {
  ...{ id, studentId: text, reason: text, reportedAt: instant, requestedBy: text, requestedAt: instant },
  first: flat({ date: as('firstDay', day), session: as('firstSession', half) }),
  last: flat({ date: as('lastDay', day), session: as('lastSession', half) }),
  status: statesBy('withdrawnFrom', {
    STANDING: {},
    WITHDRAWN: {
      withdrawnAt: instant,
      // While withdrawals counted by the day, they were from its morning on.
      withdrawnFrom: flat({ date: as('withdrawnFrom', day), session: as('withdrawnFromSession', since(half, 'MORNING')) }),
    },
  }),
};

export const leaves = collection('leaves', leave, { indexes: [index({ schoolId: 1, studentId: 1, lastDay: 1 })] });

export function leaveStore(session: Session) {
  const rows = rowsOf(session, leaves);
  return {
    find: (id: string): Promise<LeaveRequest | undefined> => rows.one({ _id: id }),
    /** Leave of these pupils that touches a span of days, also what was withdrawn. */
    touching: (studentIds: readonly string[], firstDay: SchoolDate, lastDay: SchoolDate): Promise<LeaveRequest[]> =>
      rows.all({ studentId: { $in: [...studentIds] }, lastDay: { $gte: firstDay }, firstDay: { $lte: lastDay } }),
    list: (studentId: string, page: PageRequest): Promise<Page<LeaveRequest>> => rows.page({ studentId }, page),
    insert: (asked: LeaveRequest) => rows.insert(asked),
    withdraw: (withdrawn: LeaveRequest) => rows.replace(withdrawn, { withdrawnFrom: { $exists: false } }),
  };
}
