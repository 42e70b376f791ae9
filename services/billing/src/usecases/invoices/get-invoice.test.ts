import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { getInvoice } from './get-invoice.ts';

const schools = testSchools();

test('an invoice is read as it was issued, and by its own school only', async () => {
  const billing = schools.newSchool();
  const invoice = await billing.given.openInvoice();
  expect(await billing.read((tx) => getInvoice(tx, invoice.id))).toEqual({ ok: true, value: invoice });
  const notFound = { ok: false, refusal: { code: 'INVOICE_NOT_FOUND', invoiceId: invoice.id } };
  expect(await schools.newSchool().read((tx) => getInvoice(tx, invoice.id))).toEqual(notFound);
});
