import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';
import { grantLunchSupport } from './grant-lunch-support.ts';

const schools = testSchools();
let billing: Billing;
beforeEach(() => {
  billing = schools.newSchool();
});
const right = (studentId: string, id: string = crypto.randomUUID()) => ({
  ...{ id, studentId, amountPerDay: vnd(40_000n), effectiveFrom: '2026-09-07' as SchoolDate, effectiveUntil: undefined },
  ...{ source: 'HCMC' as const, citation: 'QĐ 812/QĐ-UBND' },
});
const grant = (wanted: ReturnType<typeof right>) => billing.transact((tx) => grantLunchSupport(tx, wanted));

test('the same right twice is one, and another one for the same days is refused', async () => {
  const wanted = right(await billing.given.student());
  expect(await grant(wanted)).toMatchObject({ ok: true });
  expect(await grant(wanted)).toMatchObject({ value: { id: wanted.id, settledUntil: '2026-09-07' } });
  expect(await grant(right(wanted.studentId))).toMatchObject({ refusal: { code: 'SUPPORT_OVERLAPS', otherId: wanted.id } });
  expect(await billing.count('lunch_supports')).toBe(1);
});

test('of two who grant a pupil rights for the same days at once, one is refused', async () => {
  const studentId = await billing.given.student();
  const answers = await Promise.all([grant(right(studentId)), grant(right(studentId)), grant(right(studentId))]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
});

test('a pupil nobody knows gets none', async () => {
  expect(await grant(right('nobody'))).toEqual({ ok: false, refusal: { code: 'STUDENT_UNKNOWN', studentId: 'nobody' } });
});
