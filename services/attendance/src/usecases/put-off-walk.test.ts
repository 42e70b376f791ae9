import { beforeEach, expect, test } from 'vitest';
import { type Attendance, at, monday, office, testSchools, year } from '../../test/given.ts';
import { defineSchoolYear } from './define-school-year.ts';
import { findDueWalks } from './find-due-walks.ts';
import { putOffWalk } from './put-off-walk.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('a walk that failed is put off, and that of another calendar is not', async () => {
  const storm = { firstDay: monday, lastDay: monday, name: 'Nghỉ bão', citation: 'Công văn khẩn' };
  const [stormy, calm] = [year({ holidays: [storm] }), year()];
  for (const laid of [stormy, calm]) await school.transact((tx) => defineSchoolYear(tx, { year: laid, by: office.subject }));
  school.database.setNow(at('08:01'));
  await school.transact((tx) => putOffWalk(tx, stormy.id));
  expect(await school.read((tx) => findDueWalks(tx, 10))).toEqual([{ schoolId: school.schoolId, walkId: calm.id }]);
});
