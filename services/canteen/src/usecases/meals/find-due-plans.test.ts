import { beforeEach, expect, test } from 'vitest';
import { day } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { findDuePlans } from './find-due-plans.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('plans with something to lay out are due, and one that is laid out to its last day is not', async () => {
  await school.plan([school.an], { lastDay: day('2026-11-27') });
  const due = async () => (await school.read((tx) => findDuePlans(tx, 10))).map(({ schoolId }) => schoolId);
  expect(await due()).toEqual([school.schoolId]);
  await school.tick();
  expect(await due()).toEqual([]);
});
