import { beforeEach, expect, test } from 'vitest';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { listCutoffRules } from './list-cutoff-rules.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('rules of other meals are not among them', async () => {
  await school.define({ rule: { meal: 'SNACK' } });
  expect(await school.read((tx) => listCutoffRules(tx, 'SNACK'))).toMatchObject([{ meal: 'SNACK' }]);
});
