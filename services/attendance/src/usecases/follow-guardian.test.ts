import { beforeEach, expect, test } from 'vitest';
import { type Attendance, day, testSchools } from '../../test/given.ts';
import { followGuardian } from './follow-guardian.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('guardianships are those of the newest event, and nothing else is kept of a guardian', async () => {
  const tie = (validUntil: string | undefined) => ({
    studentId: school.an,
    validFrom: day('2026-09-05'),
    validUntil: validUntil === undefined ? undefined : day(validUntil),
  });
  const follow = (version: number, end?: string) =>
    school.transact((tx) => followGuardian(tx, { guardian: { id: `mother of ${school.an}`, guardianships: [tie(end)] }, version }));
  await follow(2, '2027-01-01');
  await follow(1);
  expect(await school.read((tx) => tx.guardians.find(`mother of ${school.an}`))).toMatchObject({ guardianships: [tie('2027-01-01')] });
  const [stored] = await school.database.db.collection('guardians').find({ schoolId: school.schoolId }).toArray();
  expect(Object.keys(stored ?? {}).sort()).toEqual(['_id', 'guardianships', 'schoolId', 'version']);
});
