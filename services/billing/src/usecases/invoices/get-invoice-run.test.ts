import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { getInvoiceRun } from './get-invoice-run.ts';

const schools = testSchools();

test('a run that was never started is not found', async () => {
  const notFound = { ok: false, refusal: { code: 'INVOICE_RUN_NOT_FOUND', runId: 'nothing' } };
  expect(await schools.newSchool().read((tx) => getInvoiceRun(tx, 'nothing'))).toEqual(notFound);
});
