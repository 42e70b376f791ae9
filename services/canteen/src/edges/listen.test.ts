import { DaySession, MarkKind, MarkSource } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { AttendanceEvent } from '@schoolbell/contracts/school/attendance/v1/attendance_events';
import { Relation } from '@schoolbell/contracts/school/registry/v1/registry';
import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { addDays } from '@schoolbell/kernel';
import type { EventMeta } from '@schoolbell/service-kit';
import { beforeEach, expect, test } from 'vitest';
import { at, day, lunch, monday, year } from '../../test/facts.ts';
import { type Canteen, testSchools } from '../../test/given.ts';
import { listeners } from './listen.ts';

const [registryListener, attendanceListener] = listeners;
const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const meta = (version: number): EventMeta => ({
  ...{ id: crypto.randomUUID(), type: 'x', schoolId: school.schoolId, key: 'key', version },
  ...{ occurredAt: at('06:05'), announcedAt: at('06:05') },
});
const receiveRegistry = (event: RegistryEvent['event'], version = 1) =>
  school.transact((tx) => registryListener.apply(tx, RegistryEvent.encode({ event }).finish(), meta(version)));
const receive = (event: AttendanceEvent['event'], version = 1) =>
  school.transact((tx) => attendanceListener.apply(tx, AttendanceEvent.encode({ event }).finish(), meta(version)));
const mark = (facts = {}) => ({
  ...{ studentId: school.an, studentName: 'An', classId: school.classId, className: '1A', date: monday as string },
  ...{ session: DaySession.MORNING as DaySession, kind: MarkKind.ABSENT_WITH_LEAVE, reportedAt: at('06:40') as Date | undefined },
  ...{ submittedAt: at('06:41'), submittedBy: 'mother', source: MarkSource.LEAVE, sourceId: 'leave' },
  ...facts,
});
const schoolYear = (facts = {}) => ({
  ...{ calendarId: crypto.randomUUID(), name: '2026-2027', firstDay: '2026-09-05', lastDay: '2027-05-31', citation: 'x' },
  holidays: [{ firstDay: '2026-11-23', lastDay: '2026-11-23', name: 'Nghỉ bão', citation: 'Công văn khẩn' }],
  ...{ morningWeekdays: [1, 2, 3, 4, 5], afternoonWeekdays: [1], morningOpens: '06:00', afternoonOpens: '12:00' },
  ...facts,
});
const student = (studentId: string, className = '1A') => ({
  ...{ studentId, schoolId: school.schoolId, code: '79000701000001', fullName: 'Bùi Thanh Giang' },
  ...{ classId: `id of ${className}`, className, grade: 1 },
});
const guardian = (validFrom: string, validUntil = '') => ({
  ...{ guardianId: 'father', fullName: 'Phan Hữu Nam', phone: '+84915896980', email: 'a@example.vn', language: 'vi', wantsNotices: true },
  ...{ guardianships: [{ studentId: school.an, relation: Relation.FATHER, validFrom, validUntil }], provenance: [] },
});
const status = async () => (await school.bookingOf(school.an)).state.status;

test('an absence cuts the meal; presence, coming late and being expected again put it on', async () => {
  await school.book([school.an]);
  const here = { reportedAt: at('07:00') };
  const { studentId, studentName, classId, className, date, session } = mark();
  const expected = { studentId, studentName, classId, className, date, session, ...here, corrects: undefined, noSchool: undefined };
  const ends: AttendanceEvent['event'][] = [
    { $case: 'studentMarkedPresent', value: { mark: mark(here), corrects: undefined } },
    { $case: 'studentMarkedLate', value: { mark: mark(here), corrects: undefined } },
    { $case: 'studentExpectedAgain', value: expected },
  ];
  let version = 0;
  for (const end of ends) {
    await receive({ $case: 'studentMarkedAbsent', value: { mark: mark(), corrects: undefined } }, ++version);
    expect(await status()).toBe('CANCELLED');
    await receive(end, ++version);
    expect(await status()).toBe('BOOKED');
  }
});

test('a calendar is taken with its holidays, and counts from when it was announced', async () => {
  await receive({ $case: 'schoolYearDefined', value: { schoolYear: schoolYear() } }, 7);
  const { holidays, announcedAt } = year({
    announcedAt: at('06:05'),
    holidays: [{ firstDay: monday, lastDay: monday, name: 'Nghỉ bão', citation: 'Công văn khẩn' }],
  });
  expect(await school.read((tx) => tx.years.all())).toMatchObject([{ holidays, announcedAt, weekdays: { AFTERNOON: [1] } }]);
  expect(await school.book([school.an])).toMatchObject({ refusal: { code: 'HOLIDAY', name: 'Nghỉ bão' } });
});

test('a pupil is known from enrolment on until the last day, and a guardian by own children', async () => {
  const id = crypto.randomUUID();
  await receiveRegistry({ $case: 'studentEnrolled', value: { student: student(id) } }, 1);
  await receiveRegistry({ $case: 'studentChanged', value: { student: student(id, '1B') } }, 2);
  await receiveRegistry({ $case: 'studentLeft', value: { student: student(id, '1B'), leftOn: '2026-11-20' } }, 3);
  expect(await school.read((tx) => tx.students.find(id))).toMatchObject({ className: '1B', leftOn: '2026-11-20', stays: [{}, {}, {}] });
  await receiveRegistry({ $case: 'guardianChanged', value: { guardian: guardian('2026-09-05', '2027-01-01'), schoolId: school.schoolId } });
  expect(await school.read((tx) => tx.guardians.find('father'))).toEqual({
    ...{ id: 'father', guardianships: [{ studentId: school.an, validFrom: day('2026-09-05'), validUntil: day('2027-01-01') }] },
  });
});

/** Marks that a consumer takes in one transaction. */
const receiveTogether = (
  marks: readonly ReturnType<typeof mark>[],
  kinds: readonly ('studentMarkedAbsent' | 'studentMarkedPresent')[] = [],
) =>
  school.transact(async (tx) => {
    const received = marks.map((each, at) => {
      const event = { $case: kinds[at] ?? 'studentMarkedAbsent', value: { mark: each, corrects: undefined } } as const;
      return { meta: meta(at + 1), body: AttendanceEvent.encode({ event }).finish() };
    });
    await attendanceListener.prepare?.(tx, received);
    for (const { meta, body } of received) expect(await attendanceListener.apply(tx, body, meta)).toMatchObject({ ok: true });
  });
/** What the work asked MongoDB for, of one collection or several. */
const asked = async (collections: RegExp, work: () => Promise<unknown>) => {
  const { db } = school.database;
  await db.command({ profile: 2 });
  await work();
  await db.command({ profile: 0 });
  const profile = db.collection('system.profile');
  const found = await profile.find({ op: 'query', ns: collections }).toArray();
  await profile.drop();
  return found;
};

test('facts of one pupil and day that share a transaction see each other: cut, on again and cut is one meal that is cut', async () => {
  await school.book([school.an]);
  await receiveTogether([mark(), mark(), mark()], ['studentMarkedAbsent', 'studentMarkedPresent', 'studentMarkedAbsent']);
  expect((await school.announced()).map(({ $case }) => $case)).toEqual(['mealsBooked', 'mealCancelled', 'mealRestored', 'mealCancelled']);
  expect(await status()).toBe('CANCELLED');
  expect((await school.count()).rows).toEqual([]);
});

test('a roll with many absent pupils costs as many questions as a roll with one', async () => {
  const pupils = await Promise.all(Array.from({ length: 20 }, () => school.student()));
  await school.book(pupils);
  const questions = await asked(/[.](attendance_days|bookings)$/, () => receiveTogether(pupils.map((studentId) => mark({ studentId }))));
  expect(questions.map(({ ns }) => ns.split('.').at(-1)).sort()).toEqual(['attendance_days', 'bookings']);
  expect((await school.announced()).filter(({ $case }) => $case === 'mealCancelled')).toHaveLength(20);
});

test('long leave of one pupil and one day of another read their own days, not every pupil on every day', async () => {
  const week = [0, 1, 2, 3, 4].map((days) => lunch(addDays(monday, days)));
  const others = await Promise.all(Array.from({ length: 30 }, () => school.student()));
  await school.book([school.an, school.binh, ...others], week);
  const marks = [...week.map(({ date }) => mark({ date })), mark({ studentId: school.binh })];
  expect(await asked(/[.]bookings$/, () => receiveTogether(marks))).toMatchObject([{ nreturned: 6, docsExamined: 6 }]);
});

test('what is not for canteen, or newer than this build, passes without effect', async () => {
  expect(await receive(undefined)).toMatchObject({ ok: true });
  expect(await receive({ $case: 'classTeacherAssigned', value: { classTeacher: undefined } })).toMatchObject({ ok: true });
  expect(await receiveRegistry(undefined)).toMatchObject({ ok: true });
});

test('an event that lacks what its contract promises is refused, so that it is parked', async () => {
  const lacks = (field: string) => ({ ok: false, refusal: { code: 'EVENT_INCOMPLETE', field } });
  const marked = (message: ReturnType<typeof mark> | undefined) =>
    receive({ $case: 'studentMarkedAbsent', value: { mark: message, corrects: undefined } });
  expect(await marked(undefined)).toEqual(lacks('mark'));
  expect(await marked(mark({ date: '23/11/2026' }))).toEqual(lacks('date'));
  expect(await marked(mark({ reportedAt: undefined }))).toEqual(lacks('reported_at'));
  expect(await marked(mark({ session: DaySession.UNSPECIFIED }))).toEqual(lacks('session'));
  const defined = (facts: object | undefined) => receive({ $case: 'schoolYearDefined', value: { schoolYear: facts && schoolYear(facts) } });
  expect(await defined(undefined)).toEqual(lacks('school_year'));
  expect(await defined({ firstDay: '' })).toEqual(lacks('school_year.first_day'));
  expect(await defined({ lastDay: '' })).toEqual(lacks('school_year.last_day'));
  expect(await defined({ holidays: [{ firstDay: 'x', lastDay: 'y', name: '', citation: '' }] })).toEqual(lacks('school_year.holidays'));
  expect(await receiveRegistry({ $case: 'studentEnrolled', value: { student: undefined } })).toEqual(lacks('student'));
  const left = { student: student(crypto.randomUUID()), leftOn: '' };
  expect(await receiveRegistry({ $case: 'studentLeft', value: left })).toEqual(lacks('left_on'));
  const changed = (message: ReturnType<typeof guardian> | undefined) =>
    receiveRegistry({ $case: 'guardianChanged', value: { guardian: message, schoolId: school.schoolId } });
  expect(await changed(undefined)).toEqual(lacks('guardian'));
  expect(await changed(guardian('5/9/2026'))).toEqual(lacks('guardian.guardianships.valid_from'));
  expect(await changed(guardian('2026-09-05', 'never'))).toEqual(lacks('guardian.guardianships.valid_until'));
});

test("the school's name is kept for the printed books, and an announcement without a school is parked", async () => {
  const registered = { schoolId: school.schoolId, code: '79000701', name: 'Trường Hoa Phượng' };
  await receiveRegistry({ $case: 'schoolRegistered', value: { school: registered } });
  expect(await school.read((tx) => tx.schools.name())).toBe('Trường Hoa Phượng');
  expect(await receiveRegistry({ $case: 'schoolRegistered', value: { school: undefined } })).toMatchObject({
    refusal: { code: 'EVENT_INCOMPLETE' },
  });
});
