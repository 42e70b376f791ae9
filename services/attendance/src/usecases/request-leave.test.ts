import { MarkKind, MarkSource } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { beforeEach, expect, test } from 'vitest';
import { type Attendance, at, day, half, morning, office, testSchools } from '../../test/given.ts';
import type { LeaveWish } from '../domain/leave.ts';
import type { Actor } from '../domain/rights.ts';
import { assignClassTeacher } from './assign-class-teacher.ts';
import { followGuardian } from './follow-guardian.ts';
import { requestLeave } from './request-leave.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

const ask = (facts: Partial<LeaveWish> = {}, actor: Actor = office) => {
  const wish = {
    id: crypto.randomUUID(),
    studentId: school.an,
    first: morning,
    last: morning,
    reason: 'Sốt',
    reportedAt: undefined,
    ...facts,
  };
  return school.transact((tx) => requestLeave(tx, { wish, actor }));
};
const guardianOf = async (studentId: string, validUntil?: string): Promise<Actor> => {
  const subject = crypto.randomUUID();
  const until = validUntil === undefined ? undefined : day(validUntil);
  const guardianships = [{ studentId, validFrom: day('2026-09-05'), validUntil: until }];
  await school.transact((tx) => followGuardian(tx, { guardian: { id: subject, guardianships }, version: 1 }));
  return { subject, scope: 'CHILDREN' };
};
const announcedHalves = async () =>
  (await school.announced()).map(({ value }) => ('mark' in value && value.mark ? `${value.mark.date} ${value.mark.session}` : ''));

test('leave of several days is announced for each half-day of school, and for none without', async () => {
  await ask({ first: half(0, 'AFTERNOON'), last: half(8) });
  expect(await announcedHalves()).toEqual([
    ...['2026-11-23 2', '2026-11-24 1', '2026-11-24 2', '2026-11-25 1', '2026-11-25 2', '2026-11-26 1', '2026-11-26 2', '2026-11-27 1'],
    ...['2026-11-30 1', '2026-11-30 2', '2026-12-01 1'],
  ]);
  const [first] = await school.announced();
  expect(first).toMatchObject({ value: { mark: { kind: MarkKind.ABSENT_WITH_LEAVE, source: MarkSource.LEAVE, reportedAt: at('08:00') } } });
  expect(JSON.stringify(await school.announced())).not.toContain('Sốt');
});

test('leave is a mark before anybody calls the roll, and does not make a roll call', async () => {
  await ask();
  expect(await school.standings()).toEqual({ [school.an]: 'ABSENT_WITH_LEAVE' });
  expect(await school.read((tx) => tx.rolls.open(school.classId, morning))).toMatchObject({ rollCall: { submissions: [] } });
});

test('leave after the roll call excuses who was missing and leaves who was present', async () => {
  await school.call({ [school.an]: 'ABSENT_WITHOUT_LEAVE', [school.binh]: 'PRESENT' }, { takenAt: at('07:30') });
  await ask();
  await ask({ studentId: school.binh });
  expect(await school.standings()).toEqual({ [school.an]: 'ABSENT_WITH_LEAVE', [school.binh]: 'PRESENT' });
  expect(await school.announced()).toMatchObject([
    { value: { mark: { kind: MarkKind.ABSENT_WITHOUT_LEAVE } } },
    { value: { mark: { kind: MarkKind.ABSENT_WITH_LEAVE, reportedAt: at('07:30') }, corrects: { kind: MarkKind.ABSENT_WITHOUT_LEAVE } } },
  ]);
});

test('a roll call and a leave in the same instant see each other, whichever is first', async () => {
  for (let round = 0; round < 5; round++) {
    const pupil = await school.student();
    await Promise.all([ask({ studentId: pupil }), school.call({ [pupil]: 'PRESENT' }, { takenAt: at('07:30') })]);
    const last = (await school.announced()).findLast(({ value }) => 'mark' in value && value.mark?.studentId === pupil);
    expect(last?.$case ?? 'studentMarkedPresent').toBe('studentMarkedPresent');
  }
});

test('a request sent twice is the first answer and announces nothing again; with another span it is refused', async () => {
  const id = crypto.randomUUID();
  const first = await ask({ id });
  school.database.setNow(at('08:30'));
  expect(await ask({ id })).toEqual(first);
  expect(await school.announced()).toHaveLength(1);
  expect(await ask({ id, last: half(1) })).toEqual({ ok: false, refusal: { code: 'ID_REUSED', id } });
});

test('a parent asks for own children only, and while the guardianship holds', async () => {
  const mother = await guardianOf(school.an);
  expect(await ask({}, mother)).toMatchObject({ ok: true, value: { requestedBy: mother.subject, reportedAt: at('08:00') } });
  expect(await ask({ studentId: school.binh }, mother)).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
  expect(await ask({}, await guardianOf(school.an, '2026-11-23'))).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
  expect(await ask({}, { subject: 'parent@79000701', scope: 'CHILDREN' })).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
});

test('a parent cannot say when the school was told; the office writes down a call', async () => {
  expect(await ask({ reportedAt: at('05:00') }, await guardianOf(school.an))).toMatchObject({ refusal: { code: 'REPORTED_BY_PARENT' } });
  expect(await ask({ reportedAt: at('06:40') })).toMatchObject({ value: { reportedAt: at('06:40') } });
  expect(await ask({ reportedAt: at('08:10') })).toMatchObject({ refusal: { code: 'CLOCK_AHEAD' } });
});

const newYear = { date: day('2027-01-01'), session: 'MORNING' } as const;

test('a teacher asks leave a month back for pupils of own classes, and the office two', async () => {
  const [classId, subject, validFrom] = [school.classId, 'teacher@79000701', day('2026-09-05')];
  await school.transact((tx) => assignClassTeacher(tx, { classId, subject, validFrom, validUntil: undefined }));
  const teacher = { subject, scope: 'CLASSES' } as const;
  const september = { first: half(-60), last: half(-60) };
  expect(await ask(september, teacher)).toMatchObject({ refusal: { code: 'LEAVE_TOO_LATE', earliest: half(-31).date } });
  expect(await ask({ reportedAt: at('06:00', half(-32).date) }, teacher)).toMatchObject({ refusal: { code: 'TOLD_TOO_EARLY' } });
  expect(await ask({ reportedAt: at('06:00', half(-31).date) }, teacher)).toMatchObject({ ok: true });
  expect(await ask(september)).toMatchObject({ ok: true });
});

test.each([
  ['LEAVE_ENDS_TOO_EARLY', { first: half(0, 'AFTERNOON') }],
  ['LEAVE_TOO_LONG', { last: half(93) }],
  ['LEAVE_TOO_LATE', { first: half(-61) }],
  ['OUTSIDE_SCHOOL_YEAR', { first: half(300), last: half(300) }],
  ['HOLIDAY', { first: newYear, last: newYear }],
  ['NO_SESSION', { first: half(5), last: half(6) }],
  ['STUDENT_UNKNOWN', { studentId: 'nobody' }],
])('it is refused with %s', async (code, facts) => {
  expect(await ask(facts)).toMatchObject({ ok: false, refusal: { code } });
  expect(await school.count('leaves')).toBe(0);
});
