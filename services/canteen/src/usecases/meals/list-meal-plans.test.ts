import { beforeEach, expect, test } from 'vitest';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { listMealPlans } from './list-meal-plans.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('a parent sees the plans of an own child', async () => {
  await school.plan([school.an, school.binh]);
  const list = (studentId: string) => school.read((tx) => listMealPlans(tx, { studentId, actor: school.mother }));
  expect(await list(school.an)).toMatchObject({ value: [{ studentId: school.an }] });
  expect(await list(school.binh)).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
});
