import { type AttendanceMark, DaySession, MarkKind, MarkSource } from '@schoolbell/contracts/school/attendance/v1/attendance';
import type { StudentExpectedAgain } from '@schoolbell/contracts/school/attendance/v1/attendance_events';
import { ok, parseSchoolDate } from '@schoolbell/kernel';
import type { MarkKind as Kind, Mark, Session } from '../domain/absences/mark.ts';
import { lacks, type Read } from './incomplete.ts';

const sessions = new Map<DaySession, Session>([
  [DaySession.MORNING, 'MORNING'],
  [DaySession.AFTERNOON, 'AFTERNOON'],
]);
const kinds = new Map<MarkKind, Kind>([
  [MarkKind.PRESENT, 'PRESENT'],
  [MarkKind.LATE, 'LATE'],
  [MarkKind.ABSENT_WITH_LEAVE, 'ABSENT_WITH_LEAVE'],
  [MarkKind.ABSENT_WITHOUT_LEAVE, 'ABSENT_WITHOUT_LEAVE'],
]);
const sources = new Map<MarkSource, Mark['source']>([
  [MarkSource.ROLL_CALL, 'ROLL_CALL'],
  [MarkSource.CORRECTION, 'CORRECTION'],
  [MarkSource.GATE, 'GATE'],
  [MarkSource.LEAVE, 'LEAVE'],
]);

export function markFrom(mark: AttendanceMark | undefined): Read<Mark> {
  if (!mark) return lacks('mark');
  const { submittedAt } = mark;
  const kind = kinds.get(mark.kind);
  if (!kind) return lacks('mark.kind');
  if (!submittedAt) return lacks('mark.submitted_at');
  return marked(mark, { kind, submittedAt, source: sources.get(mark.source) ?? 'OTHER' });
}

/** Leave that was withdrawn, or a half-day that was closed: there is no mark, so the event itself is when it came in. */
export function expectedFrom(expected: StudentExpectedAgain, occurredAt: Date): Read<Mark> {
  const kind = expected.noSchool ? 'NO_SCHOOL' : 'EXPECTED';
  return marked(expected, { kind, submittedAt: occurredAt, source: 'LEAVE' });
}

type Where = Pick<AttendanceMark, 'studentId' | 'studentName' | 'classId' | 'className' | 'date' | 'session' | 'reportedAt'>;

function marked(
  { studentId, studentName, classId, className, reportedAt, ...half }: Where,
  said: Pick<Mark, 'kind' | 'submittedAt' | 'source'>,
): Read<Mark> {
  const date = parseSchoolDate(half.date);
  const session = sessions.get(half.session);
  if (!studentId) return lacks('student_id');
  if (!classId) return lacks('class_id');
  if (!date) return lacks('date');
  if (!session) return lacks('session');
  if (!reportedAt) return lacks('reported_at');
  return ok({ studentId, studentName, classId, className, date, session, reportedAt, ...said });
}
