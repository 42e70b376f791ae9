import { beforeEach, expect, test } from 'vitest';
import { type Attendance, day, monday, testSchools } from '../../test/given.ts';
import { getSchoolYear } from './get-school-year.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('a year is found by each of its days and by no other', async () => {
  const on = (date: string) => school.read((tx) => getSchoolYear(tx, day(date)));
  for (const date of ['2026-09-05', monday, '2027-05-31']) expect(await on(date)).toMatchObject({ value: { name: '2026-2027' } });
  for (const date of ['2026-09-04', '2027-06-01'])
    expect(await on(date)).toEqual({ ok: false, refusal: { code: 'OUTSIDE_SCHOOL_YEAR', date } });
});
