import { vnd, zero } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { monthFrom, tableOf } from '../../../test/meals.ts';
import { getStudentAccount } from './get-student-account.ts';

const schools = testSchools();
const month = monthFrom('2026-12');

test('an account shows what is there and the meals of the month by day', async () => {
  const billing = schools.newSchool();
  const studentId = await billing.given.student();
  const account = () => billing.transact((tx) => getStudentAccount(tx, { studentId, month }));
  expect(await account()).toEqual({ ok: true, value: { balance: zero, portions: [] } });
  const table = tableOf(billing, studentId);
  const [late = ''] = await table.book(['2026-12-08', '2026-12-07', '2027-01-04']);
  await table.report(late, 'CANCELLED');
  expect(await account()).toMatchObject({
    value: { balance: vnd(35_000n), portions: [{ date: '2026-12-07' }, { date: '2026-12-08', status: 'CANCELLED' }] },
  });
});

test('a pupil of whom only canteen has spoken has an account, and one nobody knows has none', async () => {
  const billing = schools.newSchool();
  const studentId = crypto.randomUUID();
  await tableOf(billing, studentId).book(['2026-12-08']);
  expect(await billing.transact((tx) => getStudentAccount(tx, { studentId, month }))).toMatchObject({ ok: true });
  expect(await billing.transact((tx) => getStudentAccount(tx, { studentId: 'x', month }))).toEqual({
    ok: false,
    refusal: { code: 'STUDENT_NOT_FOUND', studentId: 'x' },
  });
});
