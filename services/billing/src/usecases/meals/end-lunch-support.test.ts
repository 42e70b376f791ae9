import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { givenSupport } from '../../../test/support.ts';
import { endLunchSupport } from './end-lunch-support.ts';

const schools = testSchools();
const effectiveUntil = '2027-01-01' as SchoolDate;

test('a right ends once, and only one that there is', async () => {
  const billing = schools.newSchool();
  const grantId = await givenSupport(billing, await billing.given.student());
  const end = (until = effectiveUntil) => billing.transact((tx) => endLunchSupport(tx, { grantId, effectiveUntil: until }));
  expect(await end()).toMatchObject({ value: { effectiveUntil } });
  expect(await end()).toMatchObject({ value: { effectiveUntil } });
  expect(await end('2027-02-01' as SchoolDate)).toMatchObject({ refusal: { code: 'SUPPORT_ENDED_BEFORE' } });
  expect(await billing.transact((tx) => endLunchSupport(tx, { grantId: 'none', effectiveUntil }))).toEqual({
    ok: false,
    refusal: { code: 'SUPPORT_NOT_FOUND', grantId: 'none' },
  });
});
