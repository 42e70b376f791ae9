import { topics } from '@schoolbell/contracts';
import {
  type AttendanceMark,
  DaySession,
  type SchoolYear as SchoolYearMessage,
} from '@schoolbell/contracts/school/attendance/v1/attendance';
import { AttendanceEvent, type StudentExpectedAgain } from '@schoolbell/contracts/school/attendance/v1/attendance_events';
import type { Guardian as GuardianMessage, School } from '@schoolbell/contracts/school/registry/v1/registry';
import { RegistryEvent, type Student } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { err, ok, parseSchoolDate, type Refusal, type Result, type SchoolDate, unreachable } from '@schoolbell/kernel';
import { type EventMeta, listener } from '@schoolbell/service-kit';
import type { SchoolYear } from '../domain/meals/calendar.ts';
import type { Guardianship } from '../domain/rights.ts';
import type { CanteenTx } from '../tx.ts';
import { followAttendance } from '../usecases/meals/follow-attendance.ts';
import { followSchoolYear } from '../usecases/meals/follow-school-year.ts';
import { followGuardian } from '../usecases/roster/follow-guardian.ts';
import { followSchool } from '../usecases/roster/follow-school.ts';
import { followStudent } from '../usecases/roster/follow-student.ts';

const registryListener = listener({
  topic: topics.registry,
  group: 'canteen.registry',
  decode: (body) => RegistryEvent.decode(body),
  handle: onRegistryEvent,
});

const attendanceListener = listener({
  topic: topics.attendance,
  group: 'canteen.attendance',
  decode: (body) => AttendanceEvent.decode(body),
  handle: onAttendanceEvent,
  // A roll call announces each pupil who is away, and a morning has hundreds.
  readAhead: async (tx, ahead) => {
    const days = ahead.flatMap(({ event }) => markedBy(event));
    if (days.length === 0) return;
    await tx.attendance.readAhead(days);
    await tx.bookings.readAhead(days);
  },
});

export const listeners = [registryListener, attendanceListener] as const;

type Handled = Promise<Result<unknown, Refusal>>;

async function onRegistryEvent(tx: CanteenTx, { event }: RegistryEvent, meta: EventMeta): Handled {
  switch (event?.$case) {
    case 'studentEnrolled':
    case 'studentChanged':
      return onStudent(tx, event.value.student, undefined, meta);
    case 'studentLeft': {
      const leftOn = parseSchoolDate(event.value.leftOn);
      return leftOn ? onStudent(tx, event.value.student, leftOn, meta) : lacks('left_on');
    }
    case 'guardianChanged':
      return onGuardian(tx, event.value.guardian, meta.version);
    case 'schoolRegistered':
      return onSchool(tx, event.value.school, meta.version);
    case undefined: // A newer event than this build knows.
      return ok('not ours');
    default:
      return unreachable(event);
  }
}

async function onAttendanceEvent(tx: CanteenTx, { event }: AttendanceEvent, { version, occurredAt }: EventMeta): Handled {
  switch (event?.$case) {
    case 'studentMarkedAbsent':
      return onMark(tx, event.value.mark, { absent: true, version });
    case 'studentMarkedPresent':
    case 'studentMarkedLate': // A pupil who comes late eats.
      return onMark(tx, event.value.mark, { absent: false, version });
    case 'studentExpectedAgain':
      return onMark(tx, event.value, { absent: false, version });
    case 'schoolYearDefined':
      return onSchoolYear(tx, event.value.schoolYear, { version, announcedAt: occurredAt });
    case 'classTeacherAssigned':
    case undefined: // A newer event than this build knows.
      return ok('not ours');
    default:
      return unreachable(event);
  }
}

/** The pupil and day that an event of attendance marks. */
function markedBy({ event }: AttendanceEvent): { studentId: string; date: SchoolDate }[] {
  const marked = event && 'mark' in event.value ? event.value.mark : event?.$case === 'studentExpectedAgain' ? event.value : undefined;
  const date = marked && parseSchoolDate(marked.date);
  return marked && date ? [{ studentId: marked.studentId, date }] : [];
}

async function onMark(
  tx: CanteenTx,
  mark: AttendanceMark | StudentExpectedAgain | undefined,
  { absent, version }: { readonly absent: boolean; readonly version: number },
): Handled {
  if (!mark) return lacks('mark');
  const date = parseSchoolDate(mark.date);
  if (!date) return lacks('date');
  if (!mark.reportedAt) return lacks('reported_at');
  if (mark.session !== DaySession.MORNING && mark.session !== DaySession.AFTERNOON) return lacks('session');
  const session = mark.session === DaySession.MORNING ? 'MORNING' : 'AFTERNOON';
  return followAttendance(tx, { studentId: mark.studentId, date, fact: { version, session, absent, reportedAt: mark.reportedAt } });
}

async function onSchoolYear(
  tx: CanteenTx,
  message: SchoolYearMessage | undefined,
  { version, announcedAt }: { readonly version: number; readonly announcedAt: Date },
): Handled {
  if (!message) return lacks('school_year');
  const [firstDay, lastDay] = [parseSchoolDate(message.firstDay), parseSchoolDate(message.lastDay)];
  if (!firstDay) return lacks('school_year.first_day');
  if (!lastDay) return lacks('school_year.last_day');
  const holidays: SchoolYear['holidays'][number][] = [];
  for (const { firstDay: from, lastDay: until, name, citation } of message.holidays) {
    const [first, last] = [parseSchoolDate(from), parseSchoolDate(until)];
    if (!first || !last) return lacks('school_year.holidays');
    holidays.push({ firstDay: first, lastDay: last, name, citation });
  }
  const weekdays = { MORNING: message.morningWeekdays, AFTERNOON: message.afternoonWeekdays };
  return followSchoolYear(tx, { year: { name: message.name, firstDay, lastDay, holidays, weekdays, announcedAt }, version });
}

async function onSchool(tx: CanteenTx, school: School | undefined, version: number): Handled {
  if (!school) return lacks('school');
  return followSchool(tx, { school: { id: school.schoolId, name: school.name }, version });
}

async function onStudent(
  tx: CanteenTx,
  student: Student | undefined,
  leftOn: SchoolDate | undefined,
  { version, occurredAt }: EventMeta,
): Handled {
  if (!student) return lacks('student');
  const { studentId: id, fullName: name, classId, className } = student;
  return followStudent(tx, { student: { id, name, classId, className, leftOn }, version, at: occurredAt });
}

async function onGuardian(tx: CanteenTx, guardian: GuardianMessage | undefined, version: number): Handled {
  if (!guardian) return lacks('guardian');
  const guardianships: Guardianship[] = [];
  for (const { studentId, validFrom: from, validUntil: until } of guardian.guardianships) {
    const [validFrom, validUntil] = [parseSchoolDate(from), until === '' ? undefined : parseSchoolDate(until)];
    if (!validFrom) return lacks('guardian.guardianships.valid_from');
    if (until !== '' && !validUntil) return lacks('guardian.guardianships.valid_until');
    guardianships.push({ studentId, validFrom, validUntil });
  }
  return followGuardian(tx, { guardian: { id: guardian.guardianId, guardianships }, version });
}

/** An event that lacks what its contract promises is parked for a person, never guessed at. */
function lacks(field: string): Result<never, Refusal & { readonly field: string }> {
  return err({ code: 'EVENT_INCOMPLETE', field });
}
