import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';
import { moveRun } from './move-run.ts';
import { startInvoiceRun } from './start-invoice-run.ts';

const schools = testSchools();
const runId = crypto.randomUUID();
const issued = [
  { after: '', upTo: 'a', invoices: 1, total: vnd(5n) },
  { after: 'a', upTo: 'b', invoices: 1, total: vnd(5n) },
];
let billing: Billing;
beforeEach(async () => {
  billing = schools.newSchool();
  await billing.given.student();
  const charges = [{ feeItemId: await billing.given.feeItem(5n), quantity: 1 }];
  const order = { runId, title: 'Thu', charges, dueOn: '2099-11-30' as SchoolDate, classIds: [] };
  await billing.database.db.collection<{ _id: string }>('invoice_runs').deleteOne({ _id: runId });
  await billing.transact((tx) => startInvoiceRun(tx, order));
});
const move = (passed: typeof issued, more: boolean) => billing.transact((tx) => moveRun(tx, { runId, issued: passed, more }));
const runNow = () => billing.read((tx) => tx.invoiceRuns.find(runId));

test('a run moves past its chunks and ends behind the last', async () => {
  await move(issued, true);
  expect(await runNow()).toMatchObject({ status: 'RUNNING', issued: 2, total: vnd(10n), cursor: 'b' });
  await move([], false);
  expect(await runNow()).toMatchObject({ status: 'DONE', issued: 2, pupils: 2 });
});

test('chunks that another worker has counted are not counted again, nor after the end', async () => {
  await Promise.all([move(issued, true), move(issued, true), move(issued, true)]);
  await move(issued, true);
  expect(await runNow()).toMatchObject({ issued: 2, total: vnd(10n) });
  await move([], false);
  await move([{ after: 'b', upTo: 'c', invoices: 9, total: vnd(9n) }], true);
  expect(await runNow()).toMatchObject({ status: 'DONE', issued: 2 });
});
