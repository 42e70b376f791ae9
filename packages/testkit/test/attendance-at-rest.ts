import { AttendanceMark, ClassTeacher, DaySession, MarkKind, SchoolYear } from '@schoolbell/contracts/school/attendance/v1/attendance';
import {
  AttendanceEvent,
  StudentMarkedAbsent,
  StudentMarkedLate,
  StudentMarkedPresent,
} from '@schoolbell/contracts/school/attendance/v1/attendance_events';
import { v7 as uuidv7 } from 'uuid';
import type { Row } from './rows-at-rest.ts';

interface Told {
  readonly key: string;
  readonly payload: Uint8Array;
}

interface AtRest {
  readonly facts: readonly Told[];
  readonly collections: Readonly<Record<string, readonly Row[]>>;
  /** Of `said.pupil`, as notification keeps them: nobody asked to hear of this pupil. */
  readonly alerts: readonly Row[];
}

/** A pupil, and ids of what was said of the pupil: a roll call and its correction, a scan, leave that stands and leave that was taken back. */
export const said = {
  ...{ pupil: uuidv7(), rollCall: uuidv7(), correction: uuidv7(), scan: uuidv7() },
  ...{ leave: uuidv7(), withdrawn: uuidv7(), calendar: uuidv7(), firstCalendar: uuidv7() },
};

const [monday, tuesday, wednesday, thursday] = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26'];
const submittedAt = new Date();
const minutesAgo = (minutes: number) => new Date(submittedAt.getTime() - minutes * 60_000);
const year = { name: '2026-2027', firstDay: '2026-09-05', lastDay: '2027-05-31', citation: 'QĐ', holidays: [] };
const teacher = { classId: 'c2', subject: 'teacher', validFrom: '2026-09-05', validUntil: '' };

/**
 * `heard` is away on Monday, and on Tuesday there after all. The other pupil: away on Monday morning, told by the mother before the roll was
 * called and put right after; late in the afternoon; on leave on Tuesday, of which the afternoon was taken back; present on Wednesday; away on
 * Thursday, which a later calendar closed.
 */
export function attendanceAtRest(schoolId: string, heard: string): AtRest {
  const rollCall = (classId: string, date: string, session: string, submissions: object[]): Row => ({
    ...{ _id: `${classId}:${date}:${session}`, schoolId, classId, className: '1A', date, session, submissions },
  });
  const leave = (_id: string, session: string, facts: object = {}): Row => ({
    ...{ _id, schoolId, studentId: said.pupil, firstDay: tuesday, firstSession: session, lastDay: tuesday, lastSession: session },
    ...{ reason: '', reportedAt: minutesAgo(9), requestedBy: 'mother', requestedAt: minutesAgo(9), ...facts },
  });
  const absence = (studentId: string, date: string, kind: string, session = 'MORNING'): Row => {
    return { _id: `${studentId}:${date}:${session}`, schoolId, studentId, date, session, kind };
  };
  const of = said.pupil;
  return {
    facts: [...factsOf(heard), ...factsOfPupil(), ...settings(schoolId)],
    collections: {
      roll_calls: [
        rollCall('c1', monday, 'MORNING', [act(heard, { taken: 30, kind: 'ABSENT_WITHOUT_LEAVE' })]),
        rollCall('c1', tuesday, 'MORNING', [
          act(heard, { taken: 30, kind: 'ABSENT_WITHOUT_LEAVE' }),
          act(heard, { taken: 20, kind: 'PRESENT' }),
        ]),
        rollCall('c2', monday, 'MORNING', [
          act(of, { id: said.rollCall, taken: 30, kind: 'ABSENT_WITHOUT_LEAVE' }),
          act(of, { id: said.correction, source: 'CORRECTION', taken: 20, kind: 'ABSENT_WITH_LEAVE', told: 60 }),
        ]),
        rollCall('c2', monday, 'AFTERNOON', [act(of, { id: said.scan, source: 'GATE', taken: 10, kind: 'LATE' })]),
        rollCall('c2', wednesday, 'MORNING', [act(of, { taken: 5, kind: 'PRESENT' })]),
        rollCall('c2', thursday, 'MORNING', [act(of, { taken: 4, kind: 'ABSENT_WITHOUT_LEAVE' })]),
      ],
      leaves: [
        leave(said.leave, 'MORNING'),
        leave(said.withdrawn, 'AFTERNOON', { withdrawnAt: submittedAt, withdrawnFrom: tuesday, withdrawnFromSession: 'AFTERNOON' }),
      ],
      absences: [
        absence(heard, monday, 'ABSENT_WITHOUT_LEAVE'),
        ...[monday, tuesday].map((date) => absence(of, date, 'ABSENT_WITH_LEAVE')),
        absence(of, monday, 'LATE', 'AFTERNOON'),
      ],
      school_years: [
        { _id: said.firstCalendar, schoolId, ...year, morningWeekdays: [1, 2, 3, 4], afternoonWeekdays: [1, 2], current: false },
        { _id: said.calendar, schoolId, ...year, morningWeekdays: [1, 2, 3], afternoonWeekdays: [1, 2], current: true },
      ],
      calendar_walks: [{ _id: said.calendar, schoolId, before: said.firstCalendar, startedAt: submittedAt, classId: 'c2' }],
      class_teachers: [{ _id: uuidv7(), schoolId, ...teacher }],
    },
    alerts: alertsOf(schoolId, {
      [`${monday}:MORNING`]: 4,
      [`${monday}:AFTERNOON`]: 5,
      [`${tuesday}:MORNING`]: 2,
      [`${tuesday}:AFTERNOON`]: 6,
      [`${thursday}:MORNING`]: 8,
    }),
  };
}

interface Acting {
  readonly id?: string;
  readonly source?: string;
  readonly kind: string;
  /** Minutes ago. */
  readonly taken: number;
  readonly told?: number;
}

function act(studentId: string, { id = uuidv7(), source = 'ROLL_CALL', kind, taken, told = taken }: Acting): object {
  const marks = [{ studentId, kind, reportedAt: minutesAgo(told) }];
  return { id, source, takenAt: minutesAgo(taken), submittedAt, by: 'teacher', marks };
}

function alertsOf(schoolId: string, versions: Readonly<Record<string, number>>): Row[] {
  const silent = { schoolId, status: 'SUPPRESSED', because: 'NOT_TOLD' };
  return Object.entries(versions).map(([half, version]) => ({ _id: `${said.pupil}:${half}`, ...silent, version }));
}

const told = (key: string, event: AttendanceEvent['event']): Told => ({ key, payload: AttendanceEvent.encode({ event }).finish() });
const mark = (studentId: string, date: string, kind: MarkKind, minutes: number, session: DaySession = DaySession.MORNING) =>
  AttendanceMark.create({ studentId, date, session, kind, reportedAt: minutesAgo(minutes) });
const absent = (of: AttendanceMark): Told =>
  told(of.studentId, { $case: 'studentMarkedAbsent', value: StudentMarkedAbsent.create({ mark: of }) });

function factsOf(studentId: string): Told[] {
  const there = StudentMarkedPresent.create({ mark: mark(studentId, tuesday, MarkKind.PRESENT, 20) });
  return [
    absent(mark(studentId, monday, MarkKind.ABSENT_WITHOUT_LEAVE, 30)),
    absent(mark(studentId, tuesday, MarkKind.ABSENT_WITHOUT_LEAVE, 30)),
    told(studentId, { $case: 'studentMarkedPresent', value: there }),
  ];
}

function factsOfPupil(): Told[] {
  const studentId = said.pupil;
  const late = StudentMarkedLate.create({ mark: mark(studentId, monday, MarkKind.LATE, 10, DaySession.AFTERNOON) });
  const where = { studentId, studentName: '', classId: 'c2', className: '1A', date: tuesday, session: DaySession.AFTERNOON };
  const again = { ...where, corrects: undefined, noSchool: undefined };
  const closed = { date: thursday, session: DaySession.MORNING, noSchool: { name: '', citation: '' } };
  return [
    absent(mark(studentId, monday, MarkKind.ABSENT_WITHOUT_LEAVE, 30)),
    absent(mark(studentId, tuesday, MarkKind.ABSENT_WITH_LEAVE, 9)),
    absent(mark(studentId, tuesday, MarkKind.ABSENT_WITH_LEAVE, 9, DaySession.AFTERNOON)),
    absent(mark(studentId, monday, MarkKind.ABSENT_WITH_LEAVE, 60)),
    told(studentId, { $case: 'studentMarkedLate', value: late }),
    told(studentId, { $case: 'studentExpectedAgain', value: { ...again, reportedAt: submittedAt } }),
    absent(mark(studentId, thursday, MarkKind.ABSENT_WITHOUT_LEAVE, 4)),
    told(studentId, { $case: 'studentExpectedAgain', value: { ...again, ...closed, reportedAt: submittedAt } }),
  ];
}

function settings(schoolId: string): Told[] {
  const calendars = [said.firstCalendar, said.calendar].map((calendarId) => SchoolYear.create({ ...year, calendarId }));
  return [
    ...calendars.map((schoolYear) => told(schoolId, { $case: 'schoolYearDefined', value: { schoolYear } })),
    told('c2', { $case: 'classTeacherAssigned', value: { classTeacher: ClassTeacher.create(teacher) } }),
  ];
}
