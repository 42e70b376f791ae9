import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { getPaymentAttempt } from './get-payment-attempt.ts';

const schools = testSchools();

test('an attempt is found by its id and by its order reference, and by its own school only', async () => {
  const billing = schools.newSchool();
  const attempt = await billing.given.attempt(await billing.given.openInvoice());
  expect(await billing.read((tx) => getPaymentAttempt(tx, { attemptId: attempt.id }))).toEqual({ ok: true, value: attempt });
  expect(await billing.read((tx) => getPaymentAttempt(tx, { orderRef: attempt.orderRef }))).toEqual({ ok: true, value: attempt });
  const other = schools.newSchool();
  expect(await other.read((tx) => getPaymentAttempt(tx, { attemptId: attempt.id }))).toMatchObject({
    refusal: { code: 'ATTEMPT_NOT_FOUND' },
  });
  expect(await other.read((tx) => getPaymentAttempt(tx, { orderRef: attempt.orderRef }))).toMatchObject({
    refusal: { code: 'ATTEMPT_NOT_FOUND' },
  });
});
