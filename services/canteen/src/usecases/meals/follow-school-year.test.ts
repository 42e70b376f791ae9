import { beforeEach, expect, test } from 'vitest';
import { day, monday, year } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { followSchoolYear } from './follow-school-year.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('the newest calendar of a year is kept, whichever is received last', async () => {
  const follow = (version: number, lastDay: string) =>
    school.transact((tx) => followSchoolYear(tx, { year: year({ lastDay: day(lastDay) }), version }));
  await follow(9, '2027-06-30');
  await follow(8, '2027-05-15');
  expect(await school.read((tx) => tx.years.all())).toMatchObject([{ name: '2026-2027', lastDay: '2027-06-30' }]);
});

test('it is received with its holidays and weekdays', async () => {
  expect(await school.read((tx) => tx.years.all())).toEqual([year()]);
  expect(await school.book([school.an])).toMatchObject({ value: [{ date: monday, sessions: ['MORNING', 'AFTERNOON'] }] });
});
