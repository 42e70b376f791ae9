import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { createLogger } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../test/given.ts';
import { monthFrom, tableOf } from '../../test/meals.ts';
import { givenSupport } from '../../test/support.ts';
import { startInvoiceRun } from '../usecases/invoices/start-invoice-run.ts';
import { startMealBillRun } from '../usecases/meals/start-meal-bill-run.ts';
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
    expect(await billing.read((tx) => tx.invoiceRuns.find(runId))).toMatchObject({
      status: 'DONE',
      issued: pupils,
      total: vnd(BigInt(pupils) * 1_000n),
    });
    expect(await billing.count('invoices')).toBe(pupils);
  }
});

test("one school's broken run does not stop the other schools' runs, and comes again after a while", async () => {
  const [broken, healthy] = [schools.newSchool(), schools.newSchool()];
  const runIds = [crypto.randomUUID(), crypto.randomUUID()].sort(); // The broken one is met first.
  for (const [index, billing] of [broken, healthy].entries()) {
    await billing.given.student({});
    const charges = [{ feeItemId: await billing.given.feeItem(1_000n), quantity: 1 }];
    const runId = runIds[index] ?? '';
    await billing.transact((tx) => startInvoiceRun(tx, { runId, title: 'Thu', charges, dueOn: '2099-11-30' as SchoolDate, classIds: [] }));
  }
  const runs = broken.database.db.collection<{ _id: string }>('invoice_runs');
  await runs.updateOne({ _id: runIds[0] ?? '' }, { $unset: { lines: '' } });
  const warnings = () => lines.filter((line) => line.includes('is put off') && line.includes(broken.schoolId));
  while (await tick('invoice-runs'));
  expect([await healthy.count('invoices'), warnings().length]).toEqual([1, 1]);
  const { database } = healthy;
  database.setNow(new Date(Date.now() + 61_000));
  expect(await tick('invoice-runs')).toBe(false);
  expect(warnings()).toHaveLength(2);
  database.setNow(new Date());
  await runs.deleteOne({ _id: runIds[0] ?? '' });
});

test('a notice that was kept before a crash is settled later', async () => {
  const billing = schools.newSchool();
  billing.database.setNow(new Date('2026-11-21T02:00:00Z'));
  const attempt = await billing.given.attempt(await billing.given.openInvoice());
  await billing.transact((tx) => keepNotice(tx, { raw: 'x', notice: noticeFor(attempt) }));
  billing.database.setNow(new Date('2026-11-21T02:00:40Z'));
  expect(await tick('kept-notices')).toBe(false);
  expect(await billing.read((tx) => tx.attempts.find(attempt.id))).toMatchObject({
    status: 'SUCCEEDED',
    noticeAt: new Date('2026-11-21T02:00:00Z'),
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
  expect(await tick('kept-notices')).toBe(true);
  expect(await tick('kept-notices')).toBe(false);
  expect(await billing.read((tx) => tx.attempts.find(whole.id))).toMatchObject({ status: 'SUCCEEDED' });
  await billing.database.db.collection('notices').deleteMany({ schoolId: billing.schoolId });
});

test('attempts whose time ran out are marked in every school', async () => {
  const [late, early] = [schools.newSchool(), schools.newSchool()];
  const { database } = late;
  database.setNow(new Date('2026-11-21T02:00:00Z'));
  const attempt = await late.given.attempt(await late.given.openInvoice());
  database.setNow(new Date('2026-11-21T02:10:00Z'));
  const other = await early.given.attempt(await early.given.openInvoice());
  database.setNow(new Date('2026-11-21T02:20:00Z'));
  expect(await tick('overdue-attempts')).toBe(false);
  expect(await late.read((tx) => tx.attempts.find(attempt.id))).toMatchObject({ status: 'EXPIRED' });
  expect(await early.read((tx) => tx.attempts.find(other.id))).toMatchObject({ status: 'PENDING' });
});

test('ledgers are sealed and checked, and an entry that somebody changed is an alarm', async () => {
  const [billing, other] = [schools.newSchool(), schools.newSchool()];
  const { database } = billing;
  database.setNow(new Date('2026-11-22T02:00:00Z'));
  for (const school of [billing, other, other]) await school.given.openInvoice();
  database.setNow(new Date('2026-11-22T03:00:00Z'));
  while (await tick('ledger-seals'));
  expect([await billing.count('seals'), await other.count('seals')]).toEqual([1, 1]);

  const alarms = () => lines.filter((line) => line.includes('not what was sealed'));
  await tick('ledger-check');
  expect(alarms()).toEqual([]);
  await database.db.collection('ledger').updateOne({ schoolId: billing.schoolId }, { $set: { 'postings.0.debit': 1n } });
  await tick('ledger-check');
  expect(alarms()).toHaveLength(1);
  expect(alarms()[0]).toContain('CHANGED');
});

test('balances are compared with their postings, and a school where they differ is an alarm', async () => {
  const [billing, other] = [schools.newSchool(), schools.newSchool()];
  for (const school of [billing, other]) await school.given.openInvoice();
  const alarms = ({ schoolId }: typeof billing) =>
    lines.filter((line) => line.includes('balances are not') && line.includes(schoolId)).map((line) => JSON.parse(line).accounts);
  expect(await tick('balance-check')).toBe(false);
  expect(alarms(billing)).toEqual([]);
  const rows = billing.database.db.collection('balances');
  await rows.updateOne({ schoolId: billing.schoolId }, { $inc: { debit: 1n } });
  await tick('balance-check');
  await rows.deleteMany({ schoolId: billing.schoolId });
  await tick('balance-check');
  expect([alarms(billing), alarms(other)]).toEqual([[1, 2], []]);
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
  expect(await billing.read((tx) => tx.invoiceRuns.find(runId))).toMatchObject({ status: 'DONE', issued: 3, total: vnd(210_000n) });
});

test('lunches of a day that is over are supported, whether the right or the lunch came first', async () => {
  const [granted, late] = [schools.newSchool(), schools.newSchool()];
  granted.database.setNow(new Date('2026-12-07T03:00:00Z'));
  const pupils = [await granted.given.student(), await late.given.student()] as const;
  const tables = [tableOf(granted, pupils[0]), tableOf(late, pupils[1])] as const;
  await tables[0].book(['2026-12-07']);
  await givenSupport(granted, pupils[0]);
  await givenSupport(late, pupils[1]);
  granted.database.setNow(new Date('2026-12-08T03:00:00Z'));
  while (await tick('lunch-support'));
  await tables[1].book(['2026-12-07']);
  while (await tick('lunch-support'));
  expect([await tables[0].credit(), await tables[1].credit()]).toEqual([30_000n, 30_000n]);
});

test('money of a pupil who left is looked for in every school, and again after a while; a document that cannot be read holds up no other', async () => {
  const [broken, whole] = [schools.newSchool(), schools.newSchool()];
  const at = (instant: string) => whole.database.setNow(new Date(instant));
  at('2026-12-08T03:00:00Z');
  for (const school of [broken, whole]) {
    const studentId = await school.given.student();
    const attempt = await school.given.attempt(await school.given.openInvoice({ studentId, total: 10_000n }));
    for (const number of ['1', '2']) await school.receive(noticeFor(attempt, { gatewayTransaction: number }));
    await school.given.student({ id: studentId, leftOn: '2026-12-08', version: 2 });
  }
  const requests = async (school: typeof whole) => (await school.announced()).filter(({ $case }) => $case === 'refundRequested').length;
  const refunds = whole.database.db.collection('refunds');
  await refunds.updateOne({ schoolId: broken.schoolId }, { $set: { leftOn: 20_261_208 } });
  while (await tick('refunds'));
  expect([await requests(broken), await requests(whole)]).toEqual([0, 1]);
  expect(lines.some((line) => line.includes('is put off') && line.includes(broken.schoolId))).toBe(true);
  await refunds.updateOne({ schoolId: broken.schoolId }, { $set: { leftOn: '2026-12-08' } });
  await tick('refunds');
  expect(await requests(broken)).toBe(0);
  at('2026-12-08T03:01:01Z');
  await tick('refunds');
  expect([await requests(broken), await requests(whole)]).toEqual([1, 1]);
});
