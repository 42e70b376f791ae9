import { beforeEach, expect, test } from 'vitest';
import { day, monday } from '../../../test/facts.ts';
import { type Canteen, office, testSchools } from '../../../test/given.ts';
import { defineMealPlans } from './define-meal-plans.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('a plan is defined for each pupil that is named, and for everybody who is in a class now', async () => {
  expect(await school.plan([school.binh, school.an])).toMatchObject({
    value: [school.an, school.binh].sort().map((studentId) => ({ studentId })),
  });
  const left = await school.student({ leftOn: day('2026-11-20') });
  const wish = { id: crypto.randomUUID(), week: [{ weekday: 1, meals: ['SNACK' as const] }], firstDay: monday, lastDay: undefined };
  const ofClass = await school.transact((tx) => defineMealPlans(tx, { wish, whom: { classId: school.classId }, actor: office }));
  expect(ofClass).toMatchObject({ value: [{}, {}] });
  expect(ofClass.ok && ofClass.value.some(({ studentId }) => studentId === left)).toBe(false);
  const nobody = await school.transact((tx) =>
    defineMealPlans(tx, { wish: { ...wish, id: 'x' }, whom: { classId: 'none' }, actor: office }),
  );
  expect(nobody).toMatchObject({ refusal: { code: 'CLASS_UNKNOWN' } });
});

test('the same plans sent twice are one each; their id with another content is refused', async () => {
  const id = crypto.randomUUID();
  expect(await school.plan([school.an], { id })).toEqual(await school.plan([school.an], { id }));
  expect(await school.documents('meal_plans')).toBe(1);
  expect(await school.plan([school.an], { id, firstDay: day('2026-12-01') })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
  expect(await school.plan([school.binh], { id })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
});

test('a second plan with the same meals is refused, also one that is defined in the same instant', async () => {
  const both = await Promise.all([school.plan([school.an]), school.plan([school.an])]);
  expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
  expect(await school.plan([school.an])).toMatchObject({ refusal: { code: 'PLAN_OVERLAPS', studentId: school.an, className: '1A' } });
});

test('a parent plans for own children; nobody plans for a pupil who is not known or has left', async () => {
  expect(await school.plan([school.an], {}, school.mother)).toMatchObject({ value: [{ definedBy: { asParent: true } }] });
  expect(await school.plan([school.binh], {}, school.mother)).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
  expect(await school.plan(['nobody'])).toMatchObject({ refusal: { code: 'STUDENT_UNKNOWN' } });
  expect(await school.plan([await school.student({ leftOn: day('2026-11-20') })])).toMatchObject({
    refusal: { code: 'STUDENT_LEFT', className: '1A' },
  });
});

test('a request names two hundred pupils at most', async () => {
  const many = Array.from({ length: 201 }, () => crypto.randomUUID());
  expect(await school.plan(many)).toMatchObject({ refusal: { code: 'TOO_MANY_PUPILS', most: 200 } });
});
