import { AttendanceEvent } from '@schoolbell/contracts/school/attendance/v1/attendance_events';
import { addDays, type Result, type SchoolDate } from '@schoolbell/kernel';
import type { OutboxRow } from '@schoolbell/service-kit';
import { type TestDatabase, testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll } from 'vitest';
import type { SchoolYear } from '../src/domain/calendar.ts';
import type { HalfDay, Session } from '../src/domain/half-day.ts';
import type { LeaveRequest, LeaveWish } from '../src/domain/leave.ts';
import type { ActSource, MarkKind } from '../src/domain/mark.ts';
import type { Actor } from '../src/domain/rights.ts';
import { type Roll, standingsOf } from '../src/domain/roll.ts';
import type { Act } from '../src/domain/roll-call.ts';
import { collections } from '../src/store/indexes.ts';
import { type AttendanceTx, attendanceTx } from '../src/tx.ts';
import { defineSchoolYear } from '../src/usecases/define-school-year.ts';
import { followStudent } from '../src/usecases/follow-student.ts';
import { requestLeave } from '../src/usecases/request-leave.ts';
import { type RollCallRefused, submitRollCall } from '../src/usecases/submit-roll-call.ts';

export const day = (text: string): SchoolDate => text as SchoolDate;
/** A clock time of Vietnam; the day is a Monday in November unless another is given. */
export const at = (clock: string, date = monday): Date => new Date(`${date}T${clock}:00+07:00`);
export const monday = day('2026-11-23');
export const morning: HalfDay = { date: monday, session: 'MORNING' };
export const office: Actor = { subject: 'principal@79000701', scope: 'SCHOOL' };

export const year = (facts: Partial<SchoolYear> = {}): SchoolYear => ({
  id: crypto.randomUUID(),
  name: '2026-2027',
  firstDay: day('2026-09-05'),
  lastDay: day('2027-05-31'),
  citation: 'Quyết định khung thời gian năm học',
  holidays: [
    { firstDay: day('2026-12-31'), lastDay: day('2027-01-01'), name: 'Tết Dương lịch', citation: 'Bộ luật Lao động 2019, Điều 112' },
  ],
  weekdays: { MORNING: [1, 2, 3, 4, 5], AFTERNOON: [1, 2, 3, 4] },
  opens: { MORNING: '06:00', AFTERNOON: '12:00' },
  ...facts,
});

export type Marks = Readonly<Record<string, MarkKind | { readonly kind: MarkKind; readonly reportedAt: Date }>>;

function act(marks: Marks, { id = crypto.randomUUID() as string, takenAt, source = 'ROLL_CALL', reason }: ActFacts = {}): Act {
  const told = Object.entries(marks).map(([studentId, mark]) =>
    typeof mark === 'string' ? { studentId, kind: mark, reportedAt: undefined } : { studentId, ...mark },
  );
  return { id, source, takenAt, reason, marks: told };
}

interface ActFacts {
  readonly id?: string;
  readonly takenAt?: Date;
  readonly source?: ActSource;
  readonly reason?: string;
}

/** One school with a calendar and a class of two on the database of a test file; it is Monday, eight in the morning. */
export interface Attendance {
  readonly schoolId: string;
  readonly classId: string;
  readonly an: string;
  readonly binh: string;
  readonly database: TestDatabase<AttendanceTx>;
  readonly transact: <R>(useCase: (tx: AttendanceTx) => Promise<R>) => Promise<R>;
  readonly read: <R>(query: (tx: AttendanceTx) => Promise<R>) => Promise<R>;
  readonly student: (facts?: {
    id?: string;
    classId?: string;
    className?: string;
    leftOn?: SchoolDate;
    version?: number;
    grade?: number;
    since?: SchoolDate;
  }) => Promise<string>;
  readonly call: (marks: Marks, facts?: CallFacts) => Promise<Result<Roll, RollCallRefused>>;
  readonly leave: (studentId: string, facts?: Partial<LeaveWish>) => Promise<LeaveRequest>;
  /** How each pupil of the class stands. */
  readonly standings: (half?: HalfDay, classId?: string) => Promise<Record<string, MarkKind>>;
  /** What was announced of pupils. */
  readonly announced: () => Promise<AboutPupil[]>;
  /** What was announced of anything else, as it waits for the relay: the calendar that the school begins with, and more. */
  readonly rows: () => Promise<Announced[]>;
  readonly count: (collection: string) => Promise<number>;
}

export type Announced = OutboxRow & { readonly event: AttendanceEvent['event'] };
type AboutPupil = Exclude<NonNullable<AttendanceEvent['event']>, { $case: 'schoolYearDefined' | 'classTeacherAssigned' }>;

function isAboutPupil(event: AttendanceEvent['event']): event is AboutPupil {
  return event !== undefined && event.$case !== 'schoolYearDefined' && event.$case !== 'classTeacherAssigned';
}

interface CallFacts extends ActFacts {
  readonly half?: HalfDay;
  readonly classId?: string;
  readonly actor?: Actor;
}

/** Opens a database for the test file; each call of `newSchool` is a school of its own. */
export function testSchools(): { newSchool: () => Promise<Attendance> } {
  let database: TestDatabase<AttendanceTx>;
  beforeAll(async () => {
    database = await testDatabase(collections, attendanceTx);
  });
  afterAll(() => database.close());
  return { newSchool: () => openSchool(database) };
}

async function openSchool(database: TestDatabase<AttendanceTx>): Promise<Attendance> {
  const [schoolId, ownClass] = [crypto.randomUUID(), crypto.randomUUID()];
  database.setNow(at('08:00'));
  const transact: Attendance['transact'] = (useCase) => database.transact({ schoolId }, useCase);
  const read: Attendance['read'] = (query) => database.read({ schoolId }, query);
  const student: Attendance['student'] = async (facts = {}) => {
    const {
      id = crypto.randomUUID(),
      classId = ownClass,
      className = '1A',
      leftOn,
      version = 1,
      grade = 6,
      since = day('2026-09-05'),
    } = facts;
    const told = { id, name: 'Bùi Thanh Giang', classId, className, grade, leftOn };
    await transact((tx) => followStudent(tx, { student: told, version, since }));
    return id;
  };
  const rows = async (): Promise<Announced[]> => {
    const found = await database.db.collection<OutboxRow>('outbox').find({ schoolId }).sort({ _id: 1 }).toArray();
    return found.map((row) => ({ ...row, event: AttendanceEvent.decode(new Uint8Array(row.payload)).event }));
  };
  await transact((tx) => defineSchoolYear(tx, { year: year(), by: office.subject }));
  const [an, binh] = [await student(), await student()];
  return {
    schoolId,
    classId: ownClass,
    an,
    binh,
    database,
    transact,
    read,
    student,
    call: (marks, { half = morning, classId = ownClass, actor = office, ...facts } = {}) =>
      transact((tx) => submitRollCall(tx, { classId, half, act: act(marks, facts), actor })),
    leave: async (studentId, facts = {}) => {
      const wish = { id: crypto.randomUUID(), studentId, first: morning, last: morning, reason: '', reportedAt: undefined, ...facts };
      const requested = await transact((tx) => requestLeave(tx, { wish, actor: office }));
      if (!requested.ok) throw new Error(requested.refusal.code);
      return requested.value;
    },
    standings: async (half = morning, classId = ownClass) => {
      const roll = await read((tx) => tx.rolls.open(classId, half));
      if (!roll) throw new Error('The class has no pupil');
      return Object.fromEntries(standingsOf(roll).marked.map(({ pupil, standing }) => [pupil.id, standing.kind]));
    },
    announced: async () => (await rows()).flatMap(({ event }) => (isAboutPupil(event) ? event : [])),
    rows: async () => (await rows()).filter(({ event }) => !isAboutPupil(event)),
    count: (collection) => database.db.collection(collection).countDocuments({ schoolId }),
  };
}

export const half = (days: number, session: Session = 'MORNING'): HalfDay => ({ date: addDays(monday, days), session });
