import { beforeEach, expect, test } from 'vitest';
import { type Attendance, at, half, monday, office, testSchools, year } from '../../test/given.ts';
import { standingsOf } from '../domain/roll.ts';
import { countAbsences } from './count-absences.ts';
import { defineSchoolYear } from './define-school-year.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

const count = (facts = {}) => school.read((tx) => countAbsences(tx, { studentId: school.an, until: undefined, actor: office, ...facts }));

test('both counts are shown, of absences until today only', async () => {
  await school.leave(school.an, { first: half(-4), last: half(3) });
  const counted = await count();
  expect(counted).toMatchObject({
    value: {
      schoolYear: '2026-2027',
      counts: [
        { plan: 'ONE_SESSION_A_DAY', counted: 3, limit: 45 },
        { plan: 'TWO_SESSIONS_A_DAY', counted: 5, limit: 45 },
      ],
    },
  });
});

test('after corrections, leave and its withdrawal the count is that of counting from scratch', async () => {
  const { an } = school;
  await school.leave(an, { first: half(-4), last: half(-3) });
  await school.call({ [an]: 'PRESENT' }, { half: half(-4), takenAt: at('07:30', half(-4).date) });
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE' });
  await school.call({ [an]: 'LATE' }, { source: 'CORRECTION', reason: 'Nhầm tên' });
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE' }, { half: half(-5), takenAt: at('07:30', half(-5).date) });
  const counted = await count();
  if (!counted.ok) throw new Error(counted.refusal.code);
  const scratch: string[] = [];
  for (let days = -10; days <= 0; days++) {
    for (const session of ['MORNING', 'AFTERNOON'] as const) {
      const roll = await school.read((tx) => tx.rolls.open(school.classId, half(days, session)));
      const mine = roll && standingsOf(roll).marked.find(({ pupil }) => pupil.id === an);
      const away = mine?.standing.kind.startsWith('ABSENT') ?? false;
      // Friday afternoons have no school.
      if (away && !(days === -3 && session === 'AFTERNOON')) scratch.push(`${half(days).date} ${session}`);
    }
  }
  expect(counted.value.absences.map(({ date, session }) => `${date} ${session}`).toSorted()).toEqual(scratch.toSorted());
});

test('a half-day without school counts nothing from the moment the calendar says so, and late pupils count as present', async () => {
  await school.leave(school.an, { first: half(-4), last: half(3) });
  await school.call({ [school.binh]: 'LATE' });
  const storm = { firstDay: monday, lastDay: monday, name: 'Nghỉ bão', citation: 'Công văn khẩn' };
  const stormy = year({ holidays: [storm] });
  await school.transact((tx) => defineSchoolYear(tx, { year: stormy, by: office.subject }));
  const counted = await count();
  expect(counted).toMatchObject({ value: { counts: [{ counted: 2 }, { counted: 3 }] } });
  expect(await count({ studentId: school.binh })).toMatchObject({ value: { absences: [] } });
});

test('a primary pupil is counted without a limit', async () => {
  const child = await school.student({ grade: 1 });
  expect(await count({ studentId: child })).toMatchObject({ value: { counts: [{ limit: undefined }, { limit: undefined }] } });
});

test('a pupil whom nobody knows, a day in no school year and a stranger are refused', async () => {
  expect(await count({ studentId: 'nobody' })).toMatchObject({ refusal: { code: 'STUDENT_UNKNOWN' } });
  expect(await count({ until: '2026-09-01' })).toMatchObject({ refusal: { code: 'OUTSIDE_SCHOOL_YEAR' } });
  expect(await count({ actor: { subject: 'father', scope: 'CHILDREN' } })).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
});
