import { beforeEach, expect, test } from 'vitest';
import { rule } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { defineCutoffRule } from './define-cutoff-rule.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('every rule that was defined is kept, in its order, and a repeat is one', async () => {
  const wanted = rule({ time: '08:00' });
  const define = (facts = {}) => school.transact((tx) => defineCutoffRule(tx, { rule: { ...wanted, ...facts }, by: 'principal' }));
  expect(await define()).toEqual(await define());
  expect(await school.read((tx) => tx.rules.ofMeals(['LUNCH']))).toMatchObject([{ time: '07:30' }, { time: '08:00', order: 2 }]);
  expect(await define({ time: '09:00' })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
});
