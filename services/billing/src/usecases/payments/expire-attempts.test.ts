import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../../test/given.ts';
import { expireAttempts } from './expire-attempts.ts';
import { getPaymentAttempt } from './get-payment-attempt.ts';

const schools = testSchools();

test('an attempt without an outcome expires when its time is over, portion by portion; one that was paid does not', async () => {
  const billing = schools.newSchool();
  const { database, given } = billing;
  database.setNow(new Date('2026-11-21T02:00:00Z'));
  const invoice = await given.openInvoice();
  const attempts = [await given.attempt(invoice), await given.attempt(invoice), await given.attempt(invoice)];
  const [paid] = attempts;
  if (!paid) throw new Error('none');
  await billing.hear(noticeFor(paid));

  database.setNow(new Date('2026-11-21T02:15:00Z'));
  expect(await billing.transact((tx) => expireAttempts(tx, 10))).toBe(0);
  database.setNow(new Date('2026-11-21T02:15:01Z'));
  expect(await billing.transact((tx) => expireAttempts(tx, 1))).toBe(1);
  expect(await billing.transact((tx) => expireAttempts(tx, 10))).toBe(1);
  const statuses = [];
  for (const { id } of attempts) {
    const found = await billing.read((tx) => getPaymentAttempt(tx, { attemptId: id }));
    statuses.push(found.ok && found.value.status);
  }
  expect(statuses).toEqual(['SUCCEEDED', 'EXPIRED', 'EXPIRED']);
});
