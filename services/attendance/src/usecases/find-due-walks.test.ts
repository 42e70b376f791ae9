import { beforeEach, expect, test } from 'vitest';
import { type Attendance, at, monday, office, testSchools, year } from '../../test/given.ts';
import { defineSchoolYear } from './define-school-year.ts';
import { findDueWalks } from './find-due-walks.ts';
import { goOnWithWalk } from './go-on-with-walk.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('a walk is due until it is done', async () => {
  const storm = { firstDay: monday, lastDay: monday, name: 'Nghỉ bão', citation: 'Công văn khẩn' };
  const stormy = year({ holidays: [storm] });
  await school.transact((tx) => defineSchoolYear(tx, { year: stormy, by: office.subject }));
  const due = async (clock: string) => {
    school.database.setNow(at(clock));
    return school.read((tx) => findDueWalks(tx, 10));
  };
  const walk = { schoolId: school.schoolId, walkId: stormy.id };
  expect(await due('08:01')).toEqual([walk]);
  expect(await due('08:02')).toEqual([walk]);
  for (let classes = 0; classes < 2; classes++) await school.transact((tx) => goOnWithWalk(tx, walk.walkId));
  expect(await due('08:02')).toEqual([]);
});
