import { beforeEach, expect, test } from 'vitest';
import { type Attendance, day, testSchools } from '../../test/given.ts';
import { followStudent } from './follow-student.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('a pupil is known by the newest event, whatever the order, and by every class so far', async () => {
  const id = crypto.randomUUID();
  await school.student({ id, classId: 'c3', className: '3A', version: 3, leftOn: day('2027-01-15') });
  await school.student({ id, classId: 'c1', version: 1 });
  await school.student({ id, classId: 'c2', version: 2 });
  const known = await school.read((tx) => tx.students.find(id));
  expect(known).toMatchObject({ classId: 'c3', className: '3A', leftOn: '2027-01-15' });
  expect(known?.classIds.toSorted()).toEqual(['c1', 'c2', 'c3']);
  expect(known?.memberships.toSorted((a, b) => a.version - b.version).map(({ classId }) => classId)).toEqual(['c1', 'c2', 'c3']);
  await school.student({ id, classId: 'c2', version: 4 });
  expect(await school.read((tx) => tx.students.find(id))).toMatchObject({ classId: 'c2', leftOn: undefined });
});

test('an id that is none is refused, so that the event is parked', async () => {
  const student = { id: '7', name: 'x', classId: 'c', className: '1A', grade: 1, leftOn: undefined };
  expect(await school.transact((tx) => followStudent(tx, { student, version: 1, since: day('2026-09-05') }))).toMatchObject({
    refusal: { code: 'STUDENT_ID_MALFORMED' },
  });
});
