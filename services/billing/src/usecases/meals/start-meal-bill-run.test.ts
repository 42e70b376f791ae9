import type { SchoolDate } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';
import { monthFrom } from '../../../test/meals.ts';
import { type MealBillOrder, startMealBillRun } from './start-meal-bill-run.ts';

const schools = testSchools();
let billing: Billing;
beforeEach(() => {
  billing = schools.newSchool();
});
const order: MealBillOrder = {
  runId: crypto.randomUUID(),
  month: monthFrom('2026-12'),
  dueOn: '2099-12-15' as SchoolDate,
  title: 'Tiền ăn tháng 12/2026',
  classIds: [],
};
const start = (changed: Partial<MealBillOrder> = {}) => billing.transact((tx) => startMealBillRun(tx, { ...order, ...changed }));

test('the same run asked for twice is one run, and its id serves nothing else', async () => {
  const runId = crypto.randomUUID();
  await billing.given.student();
  expect(await start({ runId })).toMatchObject({ value: { status: 'RUNNING', bills: 'MEALS', month: '2026-12', pupils: 1 } });
  expect(await start({ runId })).toMatchObject({ ok: true });
  expect(await start({ runId, month: monthFrom('2027-01') })).toEqual({ ok: false, refusal: { code: 'ID_REUSED', id: runId } });
  expect(await billing.count('invoice_runs')).toBe(1);
});

test('a day that is past and a school without pupils are refused', async () => {
  expect(await start()).toMatchObject({ refusal: { code: 'NO_PUPILS' } });
  expect(await start({ dueOn: '2020-01-01' as SchoolDate })).toMatchObject({ refusal: { code: 'DUE_DATE_PAST' } });
});
