import {
  CountingPlan,
  DaySession,
  type LeaveRequest as LeaveMessage,
  LeaveStatus,
  MarkKind,
  MarkSource,
  type RollCall as RollCallMessage,
  type RollCallSummary,
  type Submission as SubmissionMessage,
} from '@schoolbell/contracts/school/attendance/v1/attendance';
import type { CountAbsencesResponse, RecordScansResponse } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import type { HalfDay } from '../domain/half-day.ts';
import type { LeaveRequest } from '../domain/leave.ts';
import type { Submission } from '../domain/mark.ts';
import type { RollSummary } from '../domain/overview.ts';
import { type Roll, standingsOf } from '../domain/roll.ts';
import { isCalled } from '../domain/roll-call.ts';
import { markMessage, noSchoolMessage } from '../events.ts';
import type { Counted } from '../usecases/count-absences.ts';
import type { Scanned } from '../usecases/record-scans.ts';

export function rollCallMessage(roll: Roll): RollCallMessage {
  const { rollCall } = roll;
  const { classId, className, date, session, submissions } = rollCall;
  const { marked, unmarked } = standingsOf(roll);
  return {
    classId,
    className,
    date,
    session: DaySession[session],
    called: isCalled(rollCall),
    marks: marked.map(({ pupil, standing }) => markMessage({ ...pupil, classId, className }, rollCall, standing)),
    unmarkedStudentIds: [...unmarked],
    submissions: submissions.map(submissionMessage),
    noSchool: roll.noSchool && noSchoolMessage(roll.noSchool),
  };
}

export function summaryMessage({ half: { date, session }, called, counts, ...same }: RollSummary): RollCallSummary {
  const { PRESENT: present, LATE: late, ABSENT_WITH_LEAVE: absentWithLeave, ABSENT_WITHOUT_LEAVE: absentWithoutLeave } = counts;
  const last = { calledAt: called?.at, calledBy: called?.by ?? '' };
  return { ...same, date, session: DaySession[session], ...last, present, late, absentWithLeave, absentWithoutLeave };
}

function submissionMessage({ id, source, takenAt, submittedAt, by, reason = '', marks }: Submission): SubmissionMessage {
  return {
    submissionId: id,
    source: MarkSource[source],
    takenAt,
    submittedAt,
    submittedBy: by,
    reason,
    marks: marks.map(({ studentId, kind, reportedAt }) => ({ studentId, kind: MarkKind[kind], reportedAt })),
  };
}

export function scansMessage(scanned: readonly Scanned[]): RecordScansResponse {
  const refused = scanned.flatMap(({ scanId, code }) => (code === undefined ? [] : [{ scanId, code }]));
  return { taken: scanned.length - refused.length, refused };
}

export function leaveMessage(leave: LeaveRequest): LeaveMessage {
  const { id, first, last, status, studentId, reason, reportedAt, requestedBy, requestedAt } = leave;
  const from = leave.status === 'WITHDRAWN' ? leave.withdrawnFrom : undefined;
  const withdrawn = { withdrawnFrom: from?.date ?? '', withdrawnFromHalfDay: from && halfDayMessage(from) };
  const span = { first: halfDayMessage(first), last: halfDayMessage(last) };
  return { leaveId: id, studentId, ...span, reason, reportedAt, requestedBy, requestedAt, status: LeaveStatus[status], ...withdrawn };
}

function halfDayMessage({ date, session }: HalfDay): { date: string; session: DaySession } {
  return { date, session: DaySession[session] };
}

export function countMessage({ schoolYear, absences, counts }: Counted): CountAbsencesResponse {
  const withLeave = absences.filter(({ kind }) => kind === 'ABSENT_WITH_LEAVE').length;
  return {
    schoolYear,
    withLeave,
    withoutLeave: absences.length - withLeave,
    counts: counts.map(({ plan, limit = 0, ...same }) => ({ ...same, plan: CountingPlan[plan], limit })),
    absences: absences.map(({ kind, ...half }) => ({ ...halfDayMessage(half), kind: MarkKind[kind] })),
  };
}
