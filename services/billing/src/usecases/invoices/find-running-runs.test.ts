import type { SchoolDate } from '@schoolbell/kernel';
import { everySchool } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { goOnWithRun } from '../../../test/runs.ts';
import { findRunningRuns } from './find-running-runs.ts';
import { startInvoiceRun } from './start-invoice-run.ts';

const schools = testSchools();

test('runs with work left are found in every school, and none once it is done', async () => {
  const started = [];
  for (const billing of [schools.newSchool(), schools.newSchool()]) {
    await billing.given.student();
    const charges = [{ feeItemId: await billing.given.feeItem(1n), quantity: 1 }];
    const runId = crypto.randomUUID();
    await billing.transact((tx) => startInvoiceRun(tx, { runId, title: 'Thu', charges, dueOn: '2099-11-30' as SchoolDate, classIds: [] }));
    started.push({ billing, runId, schoolId: billing.schoolId });
  }
  const { database } = schools.newSchool();
  const running = () => database.read({ schoolId: everySchool }, (tx) => findRunningRuns(tx, 10));
  expect((await running()).map(({ runId, schoolId }) => `${schoolId} ${runId}`).sort()).toEqual(
    started.map(({ runId, schoolId }) => `${schoolId} ${runId}`).sort(),
  );
  for (const { billing, runId } of started) await goOnWithRun(billing, runId);
  expect(await running()).toEqual([]);
});
