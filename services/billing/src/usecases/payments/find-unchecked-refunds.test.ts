import { everySchool } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { checkRefunds } from '../../../test/refunds.ts';
import { findUncheckedRefunds } from './find-unchecked-refunds.ts';

const schools = testSchools();

test('a leaving is looked at soon in every school, and then not again for a while', async () => {
  const pair = [schools.newSchool(), schools.newSchool()];
  for (const billing of pair) await billing.given.student({ leftOn: '2026-12-08' });
  const found = () => pair[0]?.database.read({ schoolId: everySchool }, (tx) => findUncheckedRefunds(tx, 10));
  expect((await found())?.map(({ schoolId }) => schoolId).sort()).toEqual(pair.map(({ schoolId }) => schoolId).sort());
  for (const billing of pair) expect(await checkRefunds(billing)).toBe(1);
  expect(await found()).toEqual([]);
});
