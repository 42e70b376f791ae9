import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../../test/given.ts';
import { expireAttempts } from './expire-attempts.ts';

const schools = testSchools();

test('an attempt without an outcome expires when its time is over, portion by portion; one that was paid does not', async () => {
  const billing = schools.newSchool();
  const { database, given } = billing;
  database.setNow(new Date('2026-11-21T02:00:00Z'));
  const invoice = await given.openInvoice();
  const attempts = [await given.attempt(invoice), await given.attempt(invoice), await given.attempt(invoice)];
  const [paid] = attempts;
  if (!paid) throw new Error('none');
  await billing.receive(noticeFor(paid));

  database.setNow(new Date('2026-11-21T02:15:00Z'));
  expect(await billing.transact((tx) => expireAttempts(tx, 10))).toBe(false);
  database.setNow(new Date('2026-11-21T02:15:01Z'));
  expect(await billing.transact((tx) => expireAttempts(tx, 1))).toBe(true);
  expect(await billing.transact((tx) => expireAttempts(tx, 10))).toBe(false);
  const statuses = [];
  for (const { id } of attempts) {
    statuses.push((await billing.read((tx) => tx.attempts.find(id)))?.status);
  }
  expect(statuses).toEqual(['SUCCEEDED', 'EXPIRED', 'EXPIRED']);
});
