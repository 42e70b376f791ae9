import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { createLogger } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../test/given.ts';
import { monthFrom, tableOf } from '../../test/meals.ts';
import { givenSupport } from '../../test/support.ts';
import { getInvoiceRun } from '../usecases/invoices/get-invoice-run.ts';
import { startInvoiceRun } from '../usecases/invoices/start-invoice-run.ts';
import { startMealBillRun } from '../usecases/meals/start-meal-bill-run.ts';
import { getPaymentAttempt } from '../usecases/payments/get-payment-attempt.ts';
import { keepNotice } from '../usecases/payments/keep-notice.ts';
import { clock } from './clock.ts';

const schools = testSchools();
const lines: string[] = [];
const log = createLogger('billing', 'info', { write: (line) => void lines.push(line) });
const tick = async (name: string) => {
  const { database } = schools.newSchool();
  const found = clock({ ...database, log }).find((each) => each.name === name);
  if (!found) throw new Error(`no tick ${name}`);
  return found.run(new AbortController().signal);
};

test('runs of several schools go on chunk by chunk until they are done', async () => {
  const runs = [];
  for (const pupils of [2_251, 2]) {
    const billing = schools.newSchool();
    await billing.transact(async (tx) => {
      for (let each = 0; each < pupils; each++)
        tx.students.follow({ id: crypto.randomUUID(), name: 'A', classId: '1a', className: '1A', enrolled: true }, 1);
    });
    const charges = [{ feeItemId: await billing.given.feeItem(1_000n), quantity: 1 }];
    const runId = crypto.randomUUID();
    await billing.transact((tx) => startInvoiceRun(tx, { runId, title: 'Thu', charges, dueOn: '2099-11-30' as SchoolDate, classIds: [] }));
    runs.push({ billing, runId, pupils });
  }
  let rounds = 0;
  while (await tick('invoice-runs')) rounds++;
  expect(rounds).toBe(2);
  for (const { billing, runId, pupils } of runs) {
    expect(await billing.read((tx) => getInvoiceRun(tx, runId))).toMatchObject({
      value: { status: 'DONE', issued: pupils, total: vnd(BigInt(pupils) * 1_000n) },
    });
    expect(await billing.count('invoices')).toBe(pupils);
  }
});

test("one school's broken run does not stop the other schools' runs, and the tick still fails", async () => {
  const [broken, healthy] = [schools.newSchool(), schools.newSchool()];
  const { database } = healthy;
  const now = new Date();
  database.setNow(now);
  const runIds = [crypto.randomUUID(), crypto.randomUUID()].sort(); // The broken one is met first.
  for (const [index, billing] of [broken, healthy].entries()) {
    await billing.given.student({});
    const charges = [{ feeItemId: await billing.given.feeItem(1_000n), quantity: 1 }];
    const runId = runIds[index] ?? '';
    await billing.transact((tx) => startInvoiceRun(tx, { runId, title: 'Thu', charges, dueOn: '2099-11-30' as SchoolDate, classIds: [] }));
  }
  const runs = broken.database.db.collection<{ _id: string }>('invoice_runs');
  await runs.updateOne({ _id: runIds[0] ?? '' }, { $unset: { lines: '' } });
  await expect(tick('invoice-runs')).rejects.toThrow();
  expect(await healthy.count('invoices')).toBe(1);
  const warned = lines.filter((line) => line.includes('the others go on'));
  expect(warned).toHaveLength(1);
  expect(warned[0]).toContain(broken.schoolId);
  // It is put off for a while, so that it does not slow the others again and again.
  expect(await tick('invoice-runs')).toBe(false);
  database.setNow(new Date(now.getTime() + 61_000));
  await expect(tick('invoice-runs')).rejects.toThrow();
  await runs.deleteOne({ _id: runIds[0] ?? '' });
});

test('a notice that was kept before a crash is settled later', async () => {
  const billing = schools.newSchool();
  billing.database.setNow(new Date('2026-11-21T02:00:00Z'));
  const attempt = await billing.given.attempt(await billing.given.openInvoice());
  await billing.transact((tx) => keepNotice(tx, { raw: 'x', notice: noticeFor(attempt) }));
  billing.database.setNow(new Date('2026-11-21T02:00:40Z'));
  expect(await tick('kept-notices')).toBe(false);
  expect(await billing.read((tx) => getPaymentAttempt(tx, { attemptId: attempt.id }))).toMatchObject({
    value: { status: 'SUCCEEDED', noticeAt: new Date('2026-11-21T02:00:00Z') },
  });
});

test('kept notices that cannot be settled make room for the others', async () => {
  const billing = schools.newSchool();
  billing.database.setNow(new Date('2026-11-21T03:00:00Z'));
  const [broken, whole] = [
    await billing.given.attempt(await billing.given.openInvoice()),
    await billing.given.attempt(await billing.given.openInvoice()),
  ];
  for (let each = 0; each < 50; each++) {
    const notice = noticeFor(broken, { gatewayTransaction: `b${each}` });
    await billing.transact((tx) => keepNotice(tx, { raw: 'x', notice }));
  }
  await billing.database.db.collection<{ _id: string }>('invoices').deleteOne({ _id: broken.invoiceId });
  billing.database.setNow(new Date('2026-11-21T03:00:01Z'));
  await billing.transact((tx) => keepNotice(tx, { raw: 'x', notice: noticeFor(whole) }));
  billing.database.setNow(new Date('2026-11-21T03:00:40Z'));
  await expect(tick('kept-notices')).rejects.toThrow();
  expect(await tick('kept-notices')).toBe(false);
  expect(await billing.read((tx) => getPaymentAttempt(tx, { attemptId: whole.id }))).toMatchObject({ value: { status: 'SUCCEEDED' } });
  await billing.database.db.collection('notices').deleteMany({ schoolId: billing.schoolId });
});

test('attempts whose time ran out are marked in every school', async () => {
  const billing = schools.newSchool();
  billing.database.setNow(new Date('2026-11-21T02:00:00Z'));
  const attempt = await billing.given.attempt(await billing.given.openInvoice());
  billing.database.setNow(new Date('2026-11-21T02:20:00Z'));
  expect(await tick('overdue-attempts')).toBe(false);
  expect(await billing.read((tx) => getPaymentAttempt(tx, { attemptId: attempt.id }))).toMatchObject({ value: { status: 'EXPIRED' } });
});

test('ledgers are sealed and checked, and an entry that somebody changed is told of', async () => {
  const billing = schools.newSchool();
  const { database } = billing;
  database.setNow(new Date('2026-11-22T02:00:00Z'));
  await billing.given.openInvoice();
  database.setNow(new Date('2026-11-22T03:00:00Z'));
  while (await tick('ledger-seals'));
  expect(await billing.count('seals')).toBe(1);

  const alarms = () => lines.filter((line) => line.includes('not what was sealed'));
  await tick('ledger-check');
  expect(alarms()).toEqual([]);
  await database.db.collection('ledger').updateOne({ schoolId: billing.schoolId }, { $set: { 'postings.0.debit': 1n } });
  await tick('ledger-check');
  expect(alarms()).toHaveLength(1);
  expect(alarms()[0]).toContain('CHANGED');
});

test('balances are compared with their postings, and a school where they differ is told of', async () => {
  const billing = schools.newSchool();
  await billing.given.openInvoice();
  const alarms = () => lines.filter((line) => line.includes('balances are not') && line.includes(billing.schoolId));
  expect(await tick('balance-check')).toBe(false);
  expect(alarms()).toEqual([]);
  await billing.database.db.collection('balances').updateOne({ schoolId: billing.schoolId }, { $inc: { debit: 1n } });
  await tick('balance-check');
  expect(alarms()).toHaveLength(1);
});

test('meal bills go on beside runs of fees until they are done', async () => {
  const billing = schools.newSchool();
  const pupils = [];
  for (let each = 0; each < 3; each++) pupils.push(await billing.given.student());
  for (const pupil of pupils) await tableOf(billing, pupil).book(['2099-12-07', '2099-12-08']);
  const runId = crypto.randomUUID();
  const order = { runId, month: monthFrom('2099-12'), title: 'Tiền ăn', dueOn: '2099-12-15' as SchoolDate, classIds: [] };
  await billing.transact((tx) => startMealBillRun(tx, order));
  while (await tick('invoice-runs'));
  expect(await billing.read((tx) => getInvoiceRun(tx, runId))).toMatchObject({
    value: { status: 'DONE', issued: 3, total: vnd(210_000n) },
  });
});

test('lunches of a day that is over are supported, and money of a pupil who left is found', async () => {
  const billing = schools.newSchool();
  billing.database.setNow(new Date('2026-12-07T03:00:00Z'));
  const studentId = await billing.given.student();
  await tableOf(billing, studentId).book(['2026-12-07']);
  await givenSupport(billing, studentId);
  billing.database.setNow(new Date('2026-12-08T03:00:00Z'));
  while (await tick('lunch-support'));
  await billing.given.student({ id: studentId, leftOn: '2026-12-08', version: 2 });
  while (await tick('refunds'));
  // The lunch cost more than its support: there is nothing to refund.
  expect((await billing.announced()).map(({ $case }) => $case)).toEqual(['accountCredited']);
});
