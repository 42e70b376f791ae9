import { beforeEach, expect, test } from 'vitest';
import { type Attendance, at, half, monday, office, testSchools } from '../../test/given.ts';
import { withdrawLeave } from './withdraw-leave.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

const takeBack = (leaveId: string, actor = office) => school.transact((tx) => withdrawLeave(tx, { leaveId, actor }));

test('a pupil whose leave is withdrawn is expected again from today on, once; days that are over stay', async () => {
  const { id } = await school.leave(school.an, { first: half(-3), last: half(1) });
  await takeBack(id);
  await takeBack(id);
  const back = (await school.announced()).filter(({ $case }) => $case === 'studentExpectedAgain');
  expect(back.map(({ value }) => 'date' in value && [value.date, value.session, value.reportedAt])).toEqual([
    [monday, 1, at('08:00')],
    [monday, 2, at('08:00')],
    ['2026-11-24', 1, at('08:00')],
  ]);
  expect(await school.standings(half(-3))).toEqual({ [school.an]: 'ABSENT_WITH_LEAVE' });
  expect(await school.standings()).toEqual({});
  expect(await school.count('absences')).toBe(1);
});

test('who was found missing and whose leave is withdrawn is missing without leave', async () => {
  const { id } = await school.leave(school.an);
  await school.call({ [school.an]: 'ABSENT_WITHOUT_LEAVE' });
  await takeBack(id);
  expect(await school.standings()).toEqual({ [school.an]: 'ABSENT_WITHOUT_LEAVE' });
});

test('one of two leaves that cover the same half-day takes nothing back', async () => {
  const { id } = await school.leave(school.an);
  await school.leave(school.an);
  await takeBack(id);
  expect(await school.announced()).toHaveLength(1);
});

test('an unknown request, or one of somebody else, is refused', async () => {
  expect(await takeBack('nothing')).toMatchObject({ refusal: { code: 'LEAVE_NOT_FOUND' } });
  const { id } = await school.leave(school.an);
  expect(await takeBack(id, { subject: 'father', scope: 'CHILDREN' })).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
});
