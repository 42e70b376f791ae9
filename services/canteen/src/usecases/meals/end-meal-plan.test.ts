import { beforeEach, expect, test } from 'vitest';
import { at, day, lunch } from '../../../test/facts.ts';
import { type Canteen, office, testSchools } from '../../../test/given.ts';
import { endMealPlan } from './end-meal-plan.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const end = (planId: string, lastDay: string, actor = office) =>
  school.transact((tx) => endMealPlan(tx, { planId, lastDay: day(lastDay), actor }));
const planned = async () => {
  const defined = await school.plan([school.an]);
  await school.tick();
  return defined.ok ? (defined.value[0]?.id ?? '') : '';
};

test('meals after the last day are cancelled, except one whose cut-off is past', async () => {
  const planId = await planned();
  school.itIs(at('08:00', day('2026-11-24')));
  expect(await end(planId, '2026-11-23')).toMatchObject({ value: { lastDay: '2026-11-23' } });
  const statuses = await Promise.all(
    ['2026-11-23', '2026-11-24', '2026-11-25'].map(async (date) => (await school.bookingOf(school.an, lunch(day(date)))).state),
  );
  expect(statuses).toMatchObject([{ status: 'BOOKED' }, { status: 'BOOKED' }, { status: 'CANCELLED', reason: 'PLAN_ENDED' }]);
  expect((await school.announced()).filter(({ $case }) => $case === 'mealCancelled')).toHaveLength(26);
});

test('the same end sent twice is one', async () => {
  const planId = await planned();
  await end(planId, '2026-11-27');
  const before = (await school.announced()).length;
  expect(await end(planId, '2026-11-27')).toMatchObject({ ok: true });
  expect(await school.announced()).toHaveLength(before);
});

test('a later end is laid out further', async () => {
  const planId = await planned();
  await end(planId, '2026-11-24');
  await end(planId, '2026-11-25');
  await school.tick();
  expect((await school.bookingOf(school.an, lunch(day('2026-11-25')))).state.status).toBe('BOOKED');
  expect((await school.bookingOf(school.an, lunch(day('2026-11-26')))).state.status).toBe('CANCELLED');
});

test('a parent ends plans of own children, and nobody one that is not there', async () => {
  const planId = await planned();
  expect(await end(planId, '2026-11-24', { subject: 'stranger', scope: 'CHILDREN' })).toMatchObject({
    refusal: { code: 'NOT_YOUR_CHILD' },
  });
  expect(await end(planId, '2026-11-24', school.mother)).toMatchObject({ ok: true });
  expect(await end('none', '2026-11-24')).toMatchObject({ refusal: { code: 'PLAN_NOT_FOUND' } });
});
