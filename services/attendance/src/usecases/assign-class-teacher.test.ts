import { beforeEach, expect, test } from 'vitest';
import { type Attendance, day, testSchools } from '../../test/given.ts';
import { assignClassTeacher } from './assign-class-teacher.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

const assign = (facts: { classId?: string; validUntil?: string } = {}) => {
  const { classId = school.classId, validUntil } = facts;
  const span = { validFrom: day('2026-09-05'), validUntil: validUntil === undefined ? undefined : day(validUntil) };
  return school.transact((tx) => assignClassTeacher(tx, { classId, subject: 'teacher', ...span }));
};

test('an assignment that is given again gets its new end, and stays one', async () => {
  await assign();
  await assign({ validUntil: '2026-12-01' });
  expect(await school.read((tx) => tx.teachers.ofSubject('teacher'))).toMatchObject([{ validUntil: '2026-12-01' }]);
  await assign();
  expect(await school.read((tx) => tx.teachers.ofSubject('teacher'))).toMatchObject([{ validUntil: undefined }]);
});

test('an unknown class, or an end before the beginning, is refused', async () => {
  expect(await assign({ classId: 'nobody' })).toMatchObject({ refusal: { code: 'CLASS_UNKNOWN' } });
  expect(await assign({ validUntil: '2026-09-04' })).toMatchObject({ refusal: { code: 'ASSIGNMENT_ENDS_TOO_EARLY' } });
});
