import { beforeEach, expect, test } from 'vitest';
import { at } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { findDuePlans } from './find-due-plans.ts';
import { putOffPlans } from './put-off-plans.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('a plan that could not be laid out is put off for a minute, and the others are not', async () => {
  const defined = await school.plan([school.an, school.binh]);
  const [first, second] = defined.ok ? defined.value : [];
  await school.transact((tx) => putOffPlans(tx, [first?.id ?? '']));
  const due = async () => (await school.read((tx) => findDuePlans(tx, 10))).map(({ planId }) => planId);
  expect(await due()).toEqual([second?.id]);
  school.itIs(at('06:01'));
  expect((await due()).sort()).toEqual([first?.id, second?.id].sort());
});
