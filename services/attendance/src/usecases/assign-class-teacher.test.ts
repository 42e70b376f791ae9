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

test('an assignment and its new end are announced under the class; what was said before is not announced again', async () => {
  await assign();
  await assign();
  await assign({ validUntil: '2026-12-01' });
  const facts = { classId: school.classId, subject: 'teacher', validFrom: '2026-09-05' };
  const [, ...rows] = await school.rows();
  expect(rows).toMatchObject([
    { version: 1, key: school.classId, event: { $case: 'classTeacherAssigned', value: { classTeacher: { ...facts, validUntil: '' } } } },
    { version: 2, key: school.classId, event: { value: { classTeacher: { ...facts, validUntil: '2026-12-01' } } } },
  ]);
  expect(rows).toHaveLength(2);
});

test('an unknown class, or an end before the beginning, is refused', async () => {
  expect(await assign({ classId: 'nobody' })).toMatchObject({ refusal: { code: 'CLASS_UNKNOWN' } });
  expect(await assign({ validUntil: '2026-09-04' })).toMatchObject({ refusal: { code: 'ASSIGNMENT_ENDS_TOO_EARLY' } });
});
