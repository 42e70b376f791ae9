import { type SchoolDate, zero } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';
import { type RunOrder, startInvoiceRun } from './start-invoice-run.ts';

const schools = testSchools();
let billing: Billing;
let order: RunOrder;
beforeEach(async () => {
  billing = schools.newSchool();
  const charges = [{ feeItemId: await billing.given.feeItem(350_000n), quantity: 1 }];
  order = { runId: crypto.randomUUID(), title: 'Thu tháng 11/2026', charges, dueOn: '2099-11-30' as SchoolDate, classIds: [] };
});
const start = (changed: Partial<RunOrder> = {}) => billing.transact((tx) => startInvoiceRun(tx, { ...order, ...changed }));

test('a run counts the enrolled pupils it is for and issues nothing yet', async () => {
  for (const classId of ['1a', '1a', '1b']) await billing.given.student({ classId });
  await billing.given.student({ classId: '1a', enrolled: false });
  expect(await start()).toMatchObject({ ok: true, value: { status: 'RUNNING', pupils: 3, issued: 0, total: zero } });
  expect(await start({ runId: crypto.randomUUID(), classIds: ['1a'] })).toMatchObject({ ok: true, value: { pupils: 2 } });
  expect(await billing.count('invoices')).toBe(0);
});

test('the same call again starts nothing, the same id with another order is refused', async () => {
  await billing.given.student();
  const first = await start();
  expect(await start()).toEqual(first);
  expect(await billing.count('invoice_runs')).toBe(1);
  for (const changed of [{ title: 'x' }, { charges: [] }, { dueOn: '2099-12-31' as SchoolDate }, { classIds: ['1a'] }]) {
    expect(await start(changed)).toEqual({ ok: false, refusal: { code: 'ID_REUSED', id: order.runId } });
  }
});

test('a run for nobody, with an unknown fee or a past due date is refused', async () => {
  expect(await start()).toEqual({ ok: false, refusal: { code: 'NO_PUPILS' } });
  await billing.given.student();
  expect(await start({ charges: [{ feeItemId: 'nothing', quantity: 1 }] })).toMatchObject({ refusal: { code: 'FEE_ITEM_UNKNOWN' } });
  expect(await start({ dueOn: '2020-01-01' as SchoolDate })).toMatchObject({ refusal: { code: 'DUE_DATE_PAST' } });
});
