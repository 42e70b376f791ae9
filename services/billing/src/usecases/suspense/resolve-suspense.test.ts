import { vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, noticeFor, testSchools } from '../../../test/given.ts';
import { getInvoice } from '../invoice/get-invoice.ts';
import { listSuspense } from './list-suspense.ts';
import { type Decision, resolveSuspense } from './resolve-suspense.ts';

const schools = testSchools();
let billing: Billing;
beforeEach(() => {
  billing = schools.newSchool();
});

async function suspended(facts: Parameters<typeof noticeFor>[1] = {}): Promise<string> {
  await billing.hear(noticeFor({ orderRef: crypto.randomUUID(), amount: vnd(2_000_000n) }, facts));
  const { rows } = await billing.read((tx) => listSuspense(tx, { includeResolved: false, after: '', size: 1 }));
  return rows[0]?.id ?? '';
}
const decide = (decision: Partial<Decision> & { suspenseId: string }) =>
  billing.transact((tx) =>
    resolveSuspense(tx, { invoiceId: undefined, reason: 'phụ huynh gửi chứng từ', decidedBy: 'user-7', ...decision }),
  );

test('money is put on the invoice a person names, what is over is credited, and who decided and why is kept', async () => {
  const invoice = await billing.given.openInvoice();
  const suspenseId = await suspended();
  const resolved = await decide({ suspenseId, invoiceId: invoice.id });
  expect(resolved).toMatchObject({
    ok: true,
    value: { status: 'RESOLVED', resolution: 'phụ huynh gửi chứng từ', resolvedBy: 'user-7', invoiceId: invoice.id },
  });
  expect(await billing.read((tx) => getInvoice(tx, invoice.id))).toMatchObject({ value: { status: 'PAID' } });
  expect(await billing.books()).toMatchObject({
    'suspense:unapplied': 0n,
    [`credit:${invoice.studentId}`]: -500_000n,
    [`receivable:${invoice.studentId}`]: 0n,
  });
  expect((await billing.announced()).map(({ $case }) => $case)).toEqual([
    'invoiceIssued',
    'paymentSuspended',
    'paymentReceived',
    'invoicePaid',
    'accountCredited',
    'suspenseResolved',
  ]);

  expect(await decide({ suspenseId, invoiceId: invoice.id })).toEqual(resolved);
  expect(await billing.count('ledger')).toBe(3);
});

test('two people who decide at once decide once', async () => {
  const suspenseId = await suspended();
  const invoices = [await billing.given.openInvoice(), await billing.given.openInvoice()];
  const results = await Promise.all(invoices.map(({ id }) => decide({ suspenseId, invoiceId: id })));
  expect(results.map((result) => (result.ok ? 'OK' : result.refusal.code)).sort()).toEqual(['OK', 'SUSPENSE_ALREADY_RESOLVED']);
  await billing.books();
});

test('money cannot be closed away, a question can only be closed, and both must exist', async () => {
  const money = await suspended();
  expect(await decide({ suspenseId: money })).toMatchObject({ refusal: { code: 'SUSPENSE_NEEDS_INVOICE', amount: vnd(2_000_000n) } });
  expect(await decide({ suspenseId: money, invoiceId: 'nothing' })).toMatchObject({ refusal: { code: 'INVOICE_NOT_FOUND' } });
  expect(await decide({ suspenseId: 'nothing' })).toMatchObject({ refusal: { code: 'SUSPENSE_NOT_FOUND' } });
  await decide({ suspenseId: money, invoiceId: (await billing.given.openInvoice()).id });

  const question = await suspended({ outcome: 'HELD', gatewayTransaction: '9' });
  expect(await decide({ suspenseId: question, invoiceId: 'any' })).toMatchObject({ refusal: { code: 'SUSPENSE_HOLDS_NO_MONEY' } });
  expect(await decide({ suspenseId: question })).toMatchObject({ ok: true, value: { status: 'RESOLVED' } });
});
