import { beforeEach, expect, test } from 'vitest';
import { type Attendance, at, day, half, monday, office, testSchools } from '../../test/given.ts';
import type { Actor } from '../domain/rights.ts';
import { assignClassTeacher } from './assign-class-teacher.ts';
import { listRollCalls, type RollCallListQuestion } from './list-roll-calls.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

const ask = (facts: Partial<RollCallListQuestion> = {}) => {
  const question = { date: monday, session: undefined, actor: office, page: { after: '', size: 100 }, ...facts };
  return school.read((tx) => listRollCalls(tx, question));
};
const list = async (facts: Partial<RollCallListQuestion> = {}) => {
  const found = await ask(facts);
  if (!found.ok) throw new Error(found.refusal.code);
  return found.value;
};

test('the office sees each class of the morning: whose roll was called, by whom, and who is away', async () => {
  const chi = await school.student({ classId: 'second', className: '2A', grade: 2 });
  await school.call({ [school.an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:30') });
  await school.leave(chi);
  const { rows, next } = await list({ session: 'MORNING' });
  expect(next).toBeUndefined();
  expect(rows).toMatchObject([
    { classId: 'second', className: '2A', called: undefined, counts: { ABSENT_WITH_LEAVE: 1 }, unmarked: 0 },
    { classId: school.classId, called: { at: at('07:30'), by: office.subject }, counts: { ABSENT_WITHOUT_LEAVE: 1 }, unmarked: 1 },
  ]);
});

test('without a half the whole school day is shown, and a class that everybody left is not', async () => {
  await school.student({ classId: 'gone', className: '9A', leftOn: day('2026-11-20') });
  expect((await list()).rows.map((row) => row.half.session)).toEqual(['MORNING', 'AFTERNOON']);
  expect((await list({ date: day('2026-11-27') })).rows.map((row) => row.half.session)).toEqual(['MORNING']);
  expect((await list({ date: day('2026-11-20') })).rows.map(({ className }) => className)).toContain('9A');
});

test('a pupil who changed class during the day is shown as the other class marked the pupil', async () => {
  await school.call({ [school.an]: 'LATE', [school.binh]: 'PRESENT' });
  await school.student({ id: school.an, classId: 'second', className: '2A', grade: 7, version: 2 });
  expect((await list({ session: 'MORNING' })).rows).toMatchObject([
    { classId: school.classId, counts: { PRESENT: 1, LATE: 1 } },
    { classId: 'second', called: undefined, counts: { LATE: 1 }, unmarked: 0 },
  ]);
});

test('the list goes on where a page ended', async () => {
  const first = await list({ page: { after: '', size: 1 } });
  const second = await list({ page: { after: first.next ?? '', size: 1 } });
  expect([first, second].flatMap(({ rows }) => rows.map((row) => row.half.session))).toEqual(['MORNING', 'AFTERNOON']);
  expect(second.next).toBeUndefined();
});

test('a teacher sees own classes, and nobody else any', async () => {
  const teacher: Actor = { subject: 'teacher', scope: 'CLASSES' };
  expect((await list({ actor: teacher })).rows).toEqual([]);
  const assigned = { classId: school.classId, subject: 'teacher', validFrom: day('2026-09-05'), validUntil: undefined };
  await school.transact((tx) => assignClassTeacher(tx, assigned));
  await school.student({ classId: 'second' });
  expect((await list({ actor: teacher, session: 'MORNING' })).rows).toMatchObject([{ classId: school.classId }]);
  expect((await list({ actor: { ...teacher, scope: 'CHILDREN' } })).rows).toEqual([]);
});

test('a day or half-day without school says why there is nothing to see', async () => {
  expect(await ask({ date: half(-1).date })).toMatchObject({ refusal: { code: 'NO_SESSION' } });
  expect(await ask({ date: day('2027-01-01') })).toMatchObject({ refusal: { code: 'HOLIDAY', name: 'Tết Dương lịch' } });
  expect(await ask({ date: day('2027-06-01') })).toMatchObject({ refusal: { code: 'OUTSIDE_SCHOOL_YEAR' } });
  expect(await ask({ date: day('2026-11-27'), session: 'AFTERNOON' })).toMatchObject({ refusal: { session: 'AFTERNOON' } });
});
