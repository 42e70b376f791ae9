import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../../test/given.ts';
import { askAboutNotice } from './ask-about-notice.ts';
import { getPaymentAttempt } from './get-payment-attempt.ts';
import { listSuspense } from './list-suspense.ts';

const schools = testSchools();

test('a person is asked once, and an attempt that has its money stays as it is', async () => {
  const billing = schools.newSchool();
  const attempt = await billing.given.attempt(await billing.given.openInvoice());
  await billing.hear(noticeFor(attempt));
  const doubt = noticeFor(attempt, { gatewayTransaction: '0', outcome: 'UNKNOWN' });
  const ask = () => billing.transact((tx) => askAboutNotice(tx, { notice: doubt, keptAt: tx.now }));
  await Promise.all([ask(), ask(), ask()]);
  const { rows } = await billing.read((tx) => listSuspense(tx, { includeResolved: false, after: '', size: 10 }));
  expect(rows).toMatchObject([{ reason: 'OUTCOME_UNKNOWN', gatewayTransaction: '0', receiptId: undefined }]);
  expect(await billing.read((tx) => getPaymentAttempt(tx, { attemptId: attempt.id }))).toMatchObject({ value: { status: 'SUCCEEDED' } });
  expect((await billing.announced()).filter(({ $case }) => $case === 'paymentSuspended')).toHaveLength(1);
});
