import type { SchoolDate } from '@schoolbell/kernel';
import { everySchool } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { goOnWithRun } from '../../../test/runs.ts';
import { findRunningRuns } from './find-running-runs.ts';
import { putOffRun } from './put-off-run.ts';
import { startInvoiceRun } from './start-invoice-run.ts';

const schools = testSchools();

test('a run that is put off comes back after a minute, and a chunk that succeeds ends the waiting', async () => {
  const billing = schools.newSchool();
  const { database, given, transact } = billing;
  database.setNow(new Date('2026-11-21T02:00:00Z'));
  await given.student();
  await given.student();
  const runId = crypto.randomUUID();
  const charges = [{ feeItemId: await given.feeItem(1n), quantity: 1 }];
  await transact((tx) => startInvoiceRun(tx, { runId, title: 'Thu', charges, dueOn: '2099-11-30' as SchoolDate, classIds: [] }));
  const waiting = async () => (await database.read({ schoolId: everySchool }, (tx) => findRunningRuns(tx, 8))).map((run) => run.runId);
  await transact((tx) => putOffRun(tx, runId));
  expect(await waiting()).toEqual([]);
  database.setNow(new Date('2026-11-21T02:01:00Z'));
  expect(await waiting()).toEqual([runId]);
  await transact((tx) => putOffRun(tx, runId));
  await goOnWithRun(billing, runId, 1);
  expect(await waiting()).toEqual([runId]);
});
