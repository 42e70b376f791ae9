import {
  type AttendanceMark,
  type ClassTeacher as ClassTeacherMessage,
  DaySession,
  MarkKind,
  MarkSource,
  type NoSchool as NoSchoolMessage,
  type SchoolYear as SchoolYearMessage,
} from '@schoolbell/contracts/school/attendance/v1/attendance';
import { AttendanceEvent, type CorrectedMark } from '@schoolbell/contracts/school/attendance/v1/attendance_events';
import type { OutboxEvent } from '@schoolbell/service-kit';
import type { NoSchool, SchoolYear } from './domain/calendar.ts';
import { type Change, isNews, type Told } from './domain/change.ts';
import type { HalfDay } from './domain/half-day.ts';
import type { Standing } from './domain/mark.ts';
import type { Pupil } from './domain/pupil.ts';
import type { ClassTeacher } from './domain/rights.ts';

/**
 * What others must hear of a change: nothing where a pupil is present whom nobody said to be away. `now` is when leave was withdrawn, or the
 * calendar laid down that closes the half-day.
 */
export function standingChanged(change: Change, now: Date): OutboxEvent[] {
  if (!isNews(change)) return [];
  const { pupil, halfDay, before, after, noSchool } = change;
  const corrects = before && correctedMark(before);
  if (!after) {
    const { id: studentId, name: studentName, classId, className } = pupil;
    const where = { studentId, studentName, classId, className, date: halfDay.date, session: DaySession[halfDay.session] };
    const value = { ...where, reportedAt: now, corrects, noSchool: noSchool && noSchoolMessage(noSchool) };
    return [announce('StudentExpectedAgain', studentId, { $case: 'studentExpectedAgain', value })];
  }
  const value = { mark: markMessage(pupil, halfDay, after), corrects };
  switch (after.kind) {
    case 'PRESENT':
      return [announce('StudentMarkedPresent', pupil.id, { $case: 'studentMarkedPresent', value })];
    case 'LATE':
      return [announce('StudentMarkedLate', pupil.id, { $case: 'studentMarkedLate', value })];
    default:
      return [announce('StudentMarkedAbsent', pupil.id, { $case: 'studentMarkedAbsent', value })];
  }
}

/** A calendar was laid down, for the first time or anew: others count school days by it. */
export function schoolYearDefined(year: SchoolYear, schoolId: string): OutboxEvent {
  return announce('SchoolYearDefined', schoolId, { $case: 'schoolYearDefined', value: { schoolYear: yearMessage(year) } });
}

/** A teacher answers for a class, or got another last day: others ask the teacher about the class. */
export function classTeacherAssigned(assigned: ClassTeacher): OutboxEvent {
  const value = { classTeacher: teacherMessage(assigned) };
  return announce('ClassTeacherAssigned', assigned.classId, { $case: 'classTeacherAssigned', value });
}

/** The same shape is announced and answered, so it is made in one place. */
export function markMessage(pupil: Pupil, { date, session }: HalfDay, standing: Standing): AttendanceMark {
  const { kind, reportedAt, submittedAt, by, source, sourceId } = standing;
  return {
    studentId: pupil.id,
    studentName: pupil.name,
    classId: pupil.classId,
    className: pupil.className,
    date,
    session: DaySession[session],
    kind: MarkKind[kind],
    reportedAt,
    submittedAt,
    submittedBy: by,
    source: MarkSource[source],
    sourceId,
  };
}

export function yearMessage({ id, holidays, weekdays, opens, ...same }: SchoolYear): SchoolYearMessage {
  return {
    calendarId: id,
    ...same,
    holidays: holidays.map((day) => ({ ...day })),
    morningWeekdays: [...weekdays.MORNING],
    afternoonWeekdays: [...weekdays.AFTERNOON],
    morningOpens: opens.MORNING,
    afternoonOpens: opens.AFTERNOON,
  };
}

export function teacherMessage({ validUntil, ...same }: ClassTeacher): ClassTeacherMessage {
  return { ...same, validUntil: validUntil ?? '' };
}

/** Outside of a holiday there is nothing to name but the calendar itself. */
export function noSchoolMessage(noSchool: NoSchool): NoSchoolMessage {
  return noSchool.code === 'HOLIDAY' ? { name: noSchool.name, citation: noSchool.citation } : { name: '', citation: '' };
}

function correctedMark({ kind, reportedAt, source, sourceId = '' }: Told): CorrectedMark {
  return { kind: MarkKind[kind], reportedAt, source: source ? MarkSource[source] : MarkSource.UNSPECIFIED, sourceId };
}

function announce(fact: string, key: string, event: NonNullable<AttendanceEvent['event']>): OutboxEvent {
  return { type: `school.attendance.v1.${fact}`, key, payload: AttendanceEvent.encode({ event }).finish() };
}
