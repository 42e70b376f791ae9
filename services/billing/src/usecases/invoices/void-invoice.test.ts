import { vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, noticeFor, testSchools } from '../../../test/given.ts';
import { voidInvoice } from './void-invoice.ts';

const schools = testSchools();
let billing: Billing;
beforeEach(() => {
  billing = schools.newSchool();
});
const voided = (invoiceId: string) => billing.transact((tx) => voidInvoice(tx, { invoiceId, reason: 'nhầm lớp' }));

test('voiding reverses every posting and is announced once', async () => {
  const { id, studentId } = await billing.given.openInvoice();
  expect(await voided(id)).toMatchObject({ ok: true, value: { status: 'VOID', reason: 'nhầm lớp' } });
  expect(await voided(id)).toMatchObject({ ok: true, value: { status: 'VOID' } });
  expect(await billing.books()).toEqual({ [`receivable:${studentId}`]: 0n, 'revenue:BAN_TRU': 0n });
  expect((await billing.announced()).map(({ $case }) => $case)).toEqual(['invoiceIssued', 'invoiceVoided']);
  expect(await billing.count('ledger')).toBe(2);
});

test('an invoice on which something was paid cannot be voided', async () => {
  const invoice = await billing.given.openInvoice();
  await billing.receive(noticeFor(await billing.given.attempt(invoice, { amount: vnd(1n) })));
  expect(await voided(invoice.id)).toEqual({ ok: false, refusal: { code: 'INVOICE_HAS_PAYMENTS', paid: vnd(1n) } });
});

test('an invoice nobody issued cannot be voided', async () => {
  expect(await voided('nothing')).toEqual({ ok: false, refusal: { code: 'INVOICE_NOT_FOUND', invoiceId: 'nothing' } });
});
