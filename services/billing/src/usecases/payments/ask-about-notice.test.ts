import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../../test/given.ts';
import { askAboutNotice } from './ask-about-notice.ts';

const schools = testSchools();

test('a person is asked once, and an attempt that has its money stays as it is', async () => {
  const billing = schools.newSchool();
  const attempt = await billing.given.attempt(await billing.given.openInvoice());
  await billing.receive(noticeFor(attempt));
  const doubt = noticeFor(attempt, { gatewayTransaction: '0', outcome: 'UNKNOWN' });
  const ask = () => billing.transact((tx) => askAboutNotice(tx, { notice: doubt, keptAt: tx.now }));
  await Promise.all([ask(), ask(), ask()]);
  const { rows } = await billing.read((tx) => tx.suspense.list({ includeResolved: false, after: '', size: 10 }));
  expect(rows).toMatchObject([{ reason: 'OUTCOME_UNKNOWN', gatewayTransaction: '0', receiptId: undefined }]);
  expect(await billing.read((tx) => tx.attempts.find(attempt.id))).toMatchObject({ status: 'SUCCEEDED' });
  expect((await billing.announced()).filter(({ $case }) => $case === 'paymentSuspended')).toHaveLength(1);
});
