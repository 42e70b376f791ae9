import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';
import { aheadOf, goOnWithRun } from '../../../test/runs.ts';
import { invoiceIdFor } from '../../domain/invoices/invoice-run.ts';
import { issueInvoiceChunk } from './issue-invoice-chunk.ts';
import { startInvoiceRun } from './start-invoice-run.ts';

const schools = testSchools();
let billing: Billing;
beforeEach(() => {
  billing = schools.newSchool();
});

async function startRun(classIds: string[] = []): Promise<string> {
  const runId = crypto.randomUUID();
  const charges = [{ feeItemId: await billing.given.feeItem(350_000n), quantity: 2 }];
  const started = await billing.transact((tx) =>
    startInvoiceRun(tx, { runId, title: 'Thu tháng 11/2026', charges, dueOn: '2099-11-30' as SchoolDate, classIds }),
  );
  if (!started.ok) throw new Error(started.refusal.code);
  return runId;
}
const chunk = (runId: string) => goOnWithRun(billing, runId, 2);
const runNow = async (runId: string) => {
  const found = await billing.read((tx) => tx.invoiceRuns.find(runId));
  if (!found) throw new Error('gone');
  return found;
};

test('chunk by chunk every enrolled pupil gets one invoice, with progress in between', async () => {
  const pupils = [];
  for (let each = 0; each < 5; each++) pupils.push(await billing.given.student());
  await billing.given.student({ enrolled: false });
  const runId = await startRun();

  expect(await chunk(runId)).toBe(true);
  expect(await runNow(runId)).toMatchObject({ status: 'RUNNING', pupils: 5, issued: 2, total: vnd(1_400_000n) });
  expect([await chunk(runId), await chunk(runId), await chunk(runId)]).toEqual([true, false, false]);
  expect(await runNow(runId)).toMatchObject({ status: 'DONE', pupils: 5, issued: 5, total: vnd(3_500_000n) });

  const { rows } = await billing.read((tx) => tx.invoices.list({ after: '', size: 100 }));
  expect(rows.map(({ studentId }) => studentId).sort()).toEqual(pupils.sort());
  expect(new Set(rows.map((invoice) => invoice.runId))).toEqual(new Set([runId]));
  expect(await billing.books()).toMatchObject({ 'revenue:BAN_TRU': -3_500_000n, [`receivable:${pupils[0]}`]: 700_000n });
  expect(await billing.announced()).toHaveLength(5);
});

test('workers that take the same chunk at once issue it once', async () => {
  for (let each = 0; each < 3; each++) await billing.given.student();
  const runId = await startRun();
  const [only] = (await aheadOf(billing, runId)).chunks;
  if (!only) throw new Error('nothing to do');
  const told = await Promise.all(Array.from({ length: 6 }, () => billing.transact((tx) => issueInvoiceChunk(tx, { runId, chunk: only }))));
  expect(told).toEqual(told.map(() => ({ invoices: 3, total: vnd(2_100_000n) })));
  expect([await billing.count('invoices'), await billing.count('ledger'), await billing.count('outbox')]).toEqual([3, 3, 3]);
});

test('workers that go on with the same run at once count each invoice once', async () => {
  for (let each = 0; each < 3; each++) await billing.given.student();
  const runId = await startRun();
  await Promise.all(Array.from({ length: 6 }, () => goOnWithRun(billing, runId, 2)));
  while (await goOnWithRun(billing, runId, 2));
  expect([await billing.count('invoices'), await billing.count('ledger'), await billing.count('outbox')]).toEqual([3, 3, 3]);
  expect(await runNow(runId)).toMatchObject({ status: 'DONE', issued: 3, total: vnd(2_100_000n) });
});

test('a run that is cut off between the chunks and its own note counts what it had issued, also to who has left since', async () => {
  const pupils = [await billing.given.student(), await billing.given.student()];
  const runId = await startRun();
  const [only] = (await aheadOf(billing, runId)).chunks;
  if (!only) throw new Error('nothing to do');
  await billing.transact((tx) => issueInvoiceChunk(tx, { runId, chunk: only }));
  await billing.transact(async (tx) =>
    tx.students.follow({ id: pupils[0] ?? '', name: 'A', classId: '1a', className: '1A', enrolled: false }, 1_000),
  );
  expect(await billing.transact((tx) => issueInvoiceChunk(tx, { runId, chunk: only }))).toEqual({ invoices: 2, total: vnd(1_400_000n) });
  expect(await billing.count('invoices')).toBe(2);
});

test('a worker that comes late, when the run has moved on, issues nothing', async () => {
  await billing.given.student();
  const runId = await startRun();
  const [only] = (await aheadOf(billing, runId)).chunks;
  if (!only) throw new Error('nothing to do');
  while (await goOnWithRun(billing, runId));
  expect(await billing.transact((tx) => issueInvoiceChunk(tx, { runId, chunk: only }))).toMatchObject({ invoices: 0 });
  expect(await billing.count('invoices')).toBe(1);
});

test('a run for some classes leaves the others out', async () => {
  const pupil = await billing.given.student({ classId: '1a' });
  await billing.given.student({ classId: '1b' });
  await chunk(await startRun(['1a', '1c']));
  const { rows } = await billing.read((tx) => tx.invoices.list({ after: '', size: 100 }));
  expect(rows.map(({ studentId }) => studentId)).toEqual([pupil]);
});

test('a run that was never started has nothing to do', async () => {
  const runId = crypto.randomUUID();
  expect(await chunk(runId)).toBe(false);
  expect(await billing.transact((tx) => issueInvoiceChunk(tx, { runId, chunk: { after: '', upTo: 'z' } }))).toMatchObject({ invoices: 0 });
});

test('a pupil who has an invoice under the id of the run keeps it, and the run goes on to the others', async () => {
  const pupils = [await billing.given.student(), await billing.given.student(), await billing.given.student()].sort();
  const runId = await startRun();
  const byHand = { ...(await billing.given.openInvoice({ studentId: pupils[1] ?? '' })), id: invoiceIdFor(runId, pupils[1] ?? '') };
  await billing.transact(async (tx) => tx.invoices.insert(byHand));
  expect([await chunk(runId), await chunk(runId)]).toEqual([true, false]);
  expect(await runNow(runId)).toMatchObject({ status: 'DONE', issued: 2, pupils: 2, total: vnd(1_400_000n) });
  const { rows } = await billing.read((tx) => tx.invoices.list({ after: '', size: 100 }));
  expect(
    rows
      .filter((invoice) => invoice.runId === runId)
      .map(({ studentId }) => studentId)
      .sort(),
  ).toEqual([pupils[0], pupils[2]]);
  expect(rows.find(({ id }) => id === byHand.id)).toEqual(byHand);
});
