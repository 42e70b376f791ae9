import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { tableOf } from '../../../test/meals.ts';
import { givenSupport } from '../../../test/support.ts';
import { passSupportedDays } from './pass-supported-days.ts';

const schools = testSchools();

test('days that are over are passed once per right, up to its end, in pieces', async () => {
  const billing = schools.newSchool();
  const pupils = [await billing.given.student(), await billing.given.student(), await billing.given.student()];
  billing.database.setNow(new Date('2026-12-07T03:00:00Z'));
  for (const pupil of pupils) {
    await tableOf(billing, pupil).book(['2026-12-07']);
    await givenSupport(billing, pupil, { effectiveUntil: '2026-12-09' as SchoolDate });
  }
  const pass = () => billing.transact((tx) => passSupportedDays(tx, 2));
  const flagged = () => billing.database.db.collection('meal_months').countDocuments({ schoolId: billing.schoolId, recheck: true });
  expect(await pass()).toBe(false);
  expect(await flagged()).toBe(0);
  billing.database.setNow(new Date('2026-12-08T03:00:00Z'));
  expect([await pass(), await pass(), await flagged()]).toEqual([true, false, 3]);
  billing.database.setNow(new Date('2027-12-08T03:00:00Z'));
  expect([await pass(), await pass(), await pass()]).toEqual([true, false, false]);
  const rights = await billing.read((tx) => tx.supports.unsettled('2099-01-01' as SchoolDate, 10));
  expect(rights).toEqual([]);
});
