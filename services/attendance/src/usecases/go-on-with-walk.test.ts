import { MarkKind, MarkSource } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { beforeEach, expect, test } from 'vitest';
import { type Attendance, at, half, monday, office, testSchools, year } from '../../test/given.ts';
import { countAbsences } from './count-absences.ts';
import { defineSchoolYear } from './define-school-year.ts';
import { goOnWithWalk } from './go-on-with-walk.ts';
import { withdrawLeave } from './withdraw-leave.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

const storm = { firstDay: monday, lastDay: monday, name: 'Nghỉ bão', citation: 'Công văn khẩn' };
const layDown = (facts: Parameters<typeof year>[0] = {}) =>
  school.transact((tx) => defineSchoolYear(tx, { year: year(facts), by: office.subject }));
const due = () => school.read((tx) => tx.walks.due(tx.now, 10));
/** The clock, half a minute later: every due walk to its end. */
const walk = async (now = at('08:01')) => {
  school.database.setNow(now);
  for (let walks = await due(); walks.length > 0; walks = await due())
    for (const { walkId } of walks) await school.transact((tx) => goOnWithWalk(tx, walkId));
};
const told = async (from = 0) =>
  (await school.announced()).slice(from).map(({ $case, value }) => {
    const { date, session } = 'mark' in value && value.mark ? value.mark : 'date' in value ? value : { date: '', session: 0 };
    return `${$case} ${date} ${session}`;
  });

test('leave for a day that was none of school is announced once the calendar opens it, with the time at which it was asked', async () => {
  const saturday = half(5);
  await school.leave(school.an, { first: half(4), last: half(7) });
  const before = (await school.announced()).length;
  school.database.setNow(at('08:00', half(1).date));
  await layDown({ weekdays: { MORNING: [1, 2, 3, 4, 5, 6], AFTERNOON: [1, 2, 3, 4] } });
  await walk(at('08:01', half(1).date));
  expect((await school.announced()).slice(before)).toMatchObject([
    {
      $case: 'studentMarkedAbsent',
      value: { mark: { date: saturday.date, kind: MarkKind.ABSENT_WITH_LEAVE, reportedAt: at('08:00'), source: MarkSource.LEAVE } },
    },
  ]);
  await walk(at('08:02', half(1).date));
  expect(await school.announced()).toHaveLength(before + 1);
});

test('an absence on a day that is closed later ends for all who heard of it, counts nowhere, and says why', async () => {
  const { an, binh } = school;
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE', [binh]: 'LATE' }, { takenAt: at('07:15') });
  await layDown({ holidays: [storm] });
  await walk();
  const ended = (await school.announced()).flatMap(({ $case, value }) => ($case === 'studentExpectedAgain' ? [value] : []));
  expect(ended.map(({ studentId }) => studentId).toSorted()).toEqual([an, binh].toSorted());
  for (const fact of ended)
    expect(fact).toMatchObject({ reportedAt: at('08:00'), noSchool: { name: 'Nghỉ bão', citation: 'Công văn khẩn' } });
  const ofAn = ended.find(({ studentId }) => studentId === an);
  expect(ofAn?.corrects).toMatchObject({ kind: MarkKind.ABSENT_WITHOUT_LEAVE, reportedAt: at('07:15') });
  expect(await school.count('absences')).toBe(0);
  expect(await school.read((tx) => countAbsences(tx, { studentId: an, until: undefined, actor: office }))).toMatchObject({
    value: { absences: [] },
  });
});

test('a day that is closed by mistake and opened again ends as it was, whatever was said of it meanwhile', async () => {
  const { an, binh } = school;
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:15') });
  const { id: leaveId } = await school.leave(binh, { first: half(0, 'AFTERNOON'), last: half(0, 'AFTERNOON') });
  await layDown({ holidays: [storm] });
  await walk();
  await school.transact((tx) => withdrawLeave(tx, { leaveId, actor: office }));
  const before = (await school.announced()).length;
  await layDown();
  await walk(at('08:05'));
  expect((await school.announced()).slice(before)).toMatchObject([
    { $case: 'studentMarkedAbsent', value: { mark: { studentId: an, reportedAt: at('07:15') }, corrects: undefined } },
  ]);
  expect(await school.standings()).toEqual({ [an]: 'ABSENT_WITHOUT_LEAVE' });
});

test('a walk begins when nobody can reckon by the calendar of before any more, and a calendar that moves no half-day has none', async () => {
  await layDown({ citation: 'Quyết định khác' });
  school.database.setNow(at('09:00'));
  expect(await due()).toEqual([]);
  await layDown({ holidays: [storm] });
  school.database.setNow(new Date(at('09:00').getTime() + 19_000));
  expect(await due()).toEqual([]);
  school.database.setNow(new Date(at('09:00').getTime() + 20_000));
  expect(await due()).toHaveLength(1);
});

test('a walk goes on class by class where a killed process left it, and two workers at once tell nothing twice', async () => {
  const { an } = school;
  const other = await school.student({ classId: 'zzz', className: '2A' });
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:15') });
  await school.call({ [other]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:15'), classId: 'zzz' });
  await layDown({ holidays: [storm] });
  school.database.setNow(at('08:01'));
  const [first] = await due();
  const go = () => school.transact((tx) => goOnWithWalk(tx, first?.walkId ?? ''));
  await go();
  expect(await told(2)).toEqual([`studentExpectedAgain ${monday} 1`]);
  await Promise.all([go(), go()]);
  await go();
  expect(await told(2)).toEqual([`studentExpectedAgain ${monday} 1`, `studentExpectedAgain ${monday} 1`]);
  expect(await due()).toEqual([]);
});

test('of several calendars that follow each other the one in force says how pupils stand, whichever walk comes first', async () => {
  const { an, binh } = school;
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:15') });
  await school.leave(binh, { first: half(1), last: half(1) });
  await layDown({ holidays: [storm] });
  await layDown({ holidays: [{ ...storm, firstDay: half(1).date, lastDay: half(1).date }] });
  await walk();
  expect((await told(2)).toSorted()).toEqual([`studentExpectedAgain ${half(1).date} 1`]);
  expect(await school.standings()).toEqual({ [an]: 'ABSENT_WITHOUT_LEAVE' });
});

test('a walk and a roll call in the same instant see each other, whichever is first', async () => {
  for (let round = 0; round < 5; round++) {
    const pupil = await school.student();
    await layDown({ holidays: [storm] });
    await school.leave(pupil, { first: half(-3), last: half(0, 'AFTERNOON') });
    await layDown();
    school.database.setNow(at(`08:0${round + 1}`));
    const walks = (await due()).map(({ walkId }) => school.transact((tx) => goOnWithWalk(tx, walkId)));
    await Promise.all([...walks, school.call({ [pupil]: 'PRESENT' }, { takenAt: at('07:30') })]);
    await walk(at(`08:0${round + 1}`));
    const about = (await school.announced()).filter(
      ({ value }) => 'mark' in value && value.mark?.studentId === pupil && value.mark.date === monday,
    );
    expect(about.findLast(({ value }) => 'mark' in value && value.mark?.session === 1)?.$case ?? 'studentMarkedPresent').toBe(
      'studentMarkedPresent',
    );
    expect(about.findLast(({ value }) => 'mark' in value && value.mark?.session === 2)?.$case).toBe('studentMarkedAbsent');
  }
});
