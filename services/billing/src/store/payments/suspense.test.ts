import { vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../../test/given.ts';
import { resolveSuspense } from '../../usecases/payments/resolve-suspense.ts';

const schools = testSchools();

test('the work list is oldest first, and what is resolved shows only when asked for', async () => {
  const billing = schools.newSchool();
  for (const gatewayTransaction of ['1', '2', '3'])
    await billing.receive(noticeFor({ orderRef: crypto.randomUUID(), amount: vnd(5n) }, { gatewayTransaction }));
  const list = (includeResolved: boolean, after = '') => billing.read((tx) => tx.suspense.list({ includeResolved, after, size: 2 }));
  const first = await list(false);
  expect(first.rows.map((item) => item.gatewayTransaction)).toEqual(['1', '2']);
  expect((await list(false, first.next)).rows.map((item) => item.gatewayTransaction)).toEqual(['3']);

  const invoice = await billing.given.openInvoice();
  const suspenseId = first.rows[0]?.id ?? '';
  await billing.transact((tx) =>
    resolveSuspense(tx, { suspenseId, invoiceId: invoice.id, moneyReceived: false, reason: 'x', decidedBy: 'accountant' }),
  );
  expect((await list(false)).rows.map((item) => item.gatewayTransaction)).toEqual(['2', '3']);
  expect((await list(true)).rows.map((item) => item.status)).toEqual(['RESOLVED', 'WAITING']);
});
