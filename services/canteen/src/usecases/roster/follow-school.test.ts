import { beforeEach, expect, test } from 'vitest';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { followSchool } from './follow-school.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('the newest name of the school is kept, in whatever order it comes', async () => {
  const tell = (name: string, version: number) =>
    school.transact((tx) => followSchool(tx, { school: { id: school.schoolId, name }, version }));
  expect(await school.read((tx) => tx.schools.name())).toBeUndefined();
  await tell('Trường Hoa Phượng', 2);
  await tell('Trường cũ', 1);
  expect(await school.read((tx) => tx.schools.name())).toBe('Trường Hoa Phượng');
});

test('a school whose id is none is not kept', async () => {
  const announced = { school: { id: 'x', name: 'y' }, version: 1 };
  expect(await school.transact((tx) => followSchool(tx, announced))).toMatchObject({ refusal: { code: 'SCHOOL_ID_MALFORMED' } });
});
