import { beforeEach, expect, test } from 'vitest';
import { type Attendance, day, monday, testSchools, year } from '../../test/given.ts';
import { defineSchoolYear } from './define-school-year.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

const define = (facts = {}) => {
  const wanted = year(facts);
  return school.transact((tx) => defineSchoolYear(tx, { year: wanted, by: 'principal' }));
};

test('the newest version of a year counts, and the versions before are kept', async () => {
  const storm = { firstDay: monday, lastDay: monday, name: 'Nghỉ bão', citation: 'Công văn khẩn' };
  expect(await define({ holidays: [storm] })).toMatchObject({ ok: true });
  expect(await school.read((tx) => tx.years.holding(monday))).toMatchObject({ holidays: [storm] });
  expect(await school.count('school_years')).toBe(2);
  expect(await school.call({ [school.an]: 'PRESENT' })).toMatchObject({ refusal: { code: 'HOLIDAY', name: 'Nghỉ bão' } });
});

test('the same calendar sent twice is one version; its id with another calendar is refused', async () => {
  const id = crypto.randomUUID();
  await define({ id });
  await define({ id });
  expect(await school.count('school_years')).toBe(2);
  expect(await school.rows()).toHaveLength(2);
  expect(await define({ id, citation: 'Quyết định khác' })).toEqual({ ok: false, refusal: { code: 'ID_REUSED', id } });
});

test('every new version of a calendar is announced whole, in the order of the school', async () => {
  const id = crypto.randomUUID();
  const storm = { firstDay: monday, lastDay: monday, name: 'Nghỉ bão', citation: 'Công văn khẩn' };
  await define({ id, holidays: [storm] });
  const told = { calendarId: id, firstDay: '2026-09-05', holidays: [storm], afternoonWeekdays: [1, 2, 3, 4], afternoonOpens: '12:00' };
  expect(await school.rows()).toMatchObject([
    { type: 'school.attendance.v1.SchoolYearDefined', key: school.schoolId, version: 1, event: { $case: 'schoolYearDefined' } },
    { key: school.schoolId, version: 2, event: { $case: 'schoolYearDefined', value: { schoolYear: told } } },
  ]);
});

test('no day is in two school years', async () => {
  const next = { name: '2027-2028', firstDay: day('2027-05-31'), lastDay: day('2028-05-31'), holidays: [] };
  expect(await define(next)).toMatchObject({ refusal: { code: 'YEARS_OVERLAP', otherName: '2026-2027' } });
});
