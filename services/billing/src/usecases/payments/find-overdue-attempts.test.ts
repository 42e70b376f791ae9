import { everySchool } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { expireAttempts } from './expire-attempts.ts';
import { findOverdueAttempts } from './find-overdue-attempts.ts';

const schools = testSchools();

test('schools with attempts whose time ran out are found, and no longer once these are marked', async () => {
  const [late, early] = [schools.newSchool(), schools.newSchool()];
  const { database } = late;
  database.setNow(new Date('2026-11-21T02:00:00Z'));
  await late.given.attempt(await late.given.openInvoice());
  database.setNow(new Date('2026-11-21T02:10:00Z'));
  await early.given.attempt(await early.given.openInvoice());
  database.setNow(new Date('2026-11-21T02:15:01Z'));
  const overdue = () => database.read({ schoolId: everySchool }, findOverdueAttempts);
  expect(await overdue()).toEqual([late.schoolId]);
  await late.transact((tx) => expireAttempts(tx, 10));
  expect(await overdue()).toEqual([]);
});
