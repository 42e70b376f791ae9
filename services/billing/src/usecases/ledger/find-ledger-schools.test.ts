import { everySchool } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { findLedgerSchools } from './find-ledger-schools.ts';

const schools = testSchools();

test('each school with entries is found once', async () => {
  const [first, second] = [schools.newSchool(), schools.newSchool()];
  for (const billing of [first, first, second]) await billing.given.openInvoice();
  await schools.newSchool().given.student();
  const found = await first.database.read({ schoolId: everySchool }, findLedgerSchools);
  expect(found.sort()).toEqual([first.schoolId, second.schoolId].sort());
});
