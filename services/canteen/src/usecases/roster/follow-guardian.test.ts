import { beforeEach, expect, test } from 'vitest';
import { monday } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { followGuardian } from './follow-guardian.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('the newest guardianships hold, whichever are received last', async () => {
  const tie = { studentId: school.an, validFrom: monday, validUntil: undefined };
  const follow = (version: number, guardianships: (typeof tie)[]) =>
    school.transact((tx) => followGuardian(tx, { guardian: { id: 'father', guardianships }, version }));
  await follow(2, []);
  await follow(1, [tie]);
  expect(await school.read((tx) => tx.guardians.find('father'))).toEqual({ id: 'father', guardianships: [] });
});
