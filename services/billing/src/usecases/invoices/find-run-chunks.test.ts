import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { aheadOf } from '../../../test/runs.ts';
import { startInvoiceRun } from './start-invoice-run.ts';

const schools = testSchools();

test('the next chunks follow each other over every enrolled pupil of the run, and it is told whether more come', async () => {
  const billing = schools.newSchool();
  const pupils: string[] = [];
  for (let each = 0; each < 5; each++) pupils.push(await billing.given.student());
  await billing.given.student({ enrolled: false });
  pupils.sort();
  const runId = crypto.randomUUID();
  const charges = [{ feeItemId: await billing.given.feeItem(1n), quantity: 1 }];
  await billing.transact((tx) => startInvoiceRun(tx, { runId, title: 'Thu', charges, dueOn: '2099-11-30' as SchoolDate, classIds: [] }));
  expect(await aheadOf(billing, runId, { size: 2, most: 2 })).toEqual({
    chunks: [
      { after: '', upTo: pupils[1] },
      { after: pupils[1], upTo: pupils[3] },
    ],
    more: true,
  });
  expect(await aheadOf(billing, runId, { size: 4, most: 2 })).toMatchObject({
    chunks: [{ upTo: pupils[3] }, { after: pupils[3], upTo: pupils[4] }],
    more: false,
  });
  expect(await aheadOf(billing, 'nothing')).toEqual({ chunks: [], more: false });
});
