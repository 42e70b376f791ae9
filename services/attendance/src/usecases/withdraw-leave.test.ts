import { beforeEach, expect, test } from 'vitest';
import { type Attendance, at, half, monday, office, testSchools } from '../../test/given.ts';
import { withdrawLeave } from './withdraw-leave.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

const takeBack = (leaveId: string, actor = office) => school.transact((tx) => withdrawLeave(tx, { leaveId, actor }));

const expectedAgain = async () =>
  (await school.announced()).flatMap(({ $case, value }) =>
    $case === 'studentExpectedAgain' ? [[value.date, value.session, value.reportedAt]] : [],
  );

test('a pupil whose leave is withdrawn is expected again from the first half-day to come, once; what has begun stays', async () => {
  const { id } = await school.leave(school.an, { first: half(-3), last: half(1) });
  expect(await takeBack(id)).toMatchObject({ value: { withdrawnFrom: half(0, 'AFTERNOON') } });
  await takeBack(id);
  expect(await expectedAgain()).toEqual([
    [monday, 2, at('08:00')],
    ['2026-11-24', 1, at('08:00')],
  ]);
  expect(await school.standings(half(-3))).toEqual({ [school.an]: 'ABSENT_WITH_LEAVE' });
  expect(await school.standings()).toEqual({ [school.an]: 'ABSENT_WITH_LEAVE' });
  expect(await school.count('absences')).toBe(2);
});

test('leave that is withdrawn before the lessons expects the pupil this morning, and who does not come is missing without leave', async () => {
  const { id } = await school.leave(school.an);
  school.database.setNow(at('06:40'));
  await takeBack(id);
  expect(await expectedAgain()).toEqual([[monday, 1, at('06:40')]]);
  school.database.setNow(at('08:00'));
  await school.call({ [school.an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:15') });
  expect(await school.standings()).toEqual({ [school.an]: 'ABSENT_WITHOUT_LEAVE' });
});

test('who was found missing and whose leave is withdrawn after stays excused for that half-day, and nothing is announced of it', async () => {
  school.database.setNow(at('19:00', half(-1).date));
  const { id } = await school.leave(school.an, { last: half(2, 'AFTERNOON') });
  school.database.setNow(at('07:20'));
  await school.call({ [school.an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:15') });
  school.database.setNow(at('07:30'));
  await takeBack(id);
  expect(await school.standings()).toEqual({ [school.an]: 'ABSENT_WITH_LEAVE' });
  expect((await expectedAgain())[0]).toEqual([monday, 2, at('07:30')]);
});

test('leave that is withdrawn in the afternoon leaves the morning as it was, also where its roll comes in late', async () => {
  school.database.setNow(at('19:00', half(-1).date));
  const { id } = await school.leave(school.an, { last: half(2) });
  school.database.setNow(at('15:00'));
  await takeBack(id);
  await school.call({ [school.an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:15') });
  await school.call({ [school.an]: 'ABSENT_WITHOUT_LEAVE' }, { half: half(0, 'AFTERNOON'), takenAt: at('14:50') });
  for (const morningOrNoon of [half(0), half(0, 'AFTERNOON')])
    expect(await school.standings(morningOrNoon)).toEqual({ [school.an]: 'ABSENT_WITH_LEAVE' });
  expect((await expectedAgain()).map(([date]) => date)).toEqual(['2026-11-24', '2026-11-24', '2026-11-25']);
});

test('one of two leaves that cover the same half-day takes nothing back', async () => {
  const { id } = await school.leave(school.an);
  await school.leave(school.an);
  school.database.setNow(at('07:00'));
  await takeBack(id);
  expect(await school.announced()).toHaveLength(1);
});

test('an unknown request, or one of somebody else, is refused', async () => {
  expect(await takeBack('nothing')).toMatchObject({ refusal: { code: 'LEAVE_NOT_FOUND' } });
  const { id } = await school.leave(school.an);
  expect(await takeBack(id, { subject: 'father', scope: 'CHILDREN' })).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
});
