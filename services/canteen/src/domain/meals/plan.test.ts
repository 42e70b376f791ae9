import { expect, test } from 'vitest';
import { at, day, price, rule, year } from '../../../test/facts.ts';
import type { Meal } from './meal.ts';
import { definePlan, endPlan, horizonOf, layOut, type MealPlan, type PlanWish, sameWish } from './plan.ts';

const week = (...weekdays: number[]) => weekdays.map((weekday) => ({ weekday, meals: ['LUNCH' as Meal] }));
const wish = (facts: Partial<PlanWish> = {}): PlanWish => ({
  ...{ id: 'wish', week: week(1, 2, 3, 4, 5), firstDay: day('2026-11-23'), lastDay: undefined },
  ...facts,
});
const an = { id: 'an', name: 'An', classId: 'c', className: '1A', leftOn: undefined };
const by = { subject: 'mother', asParent: true };
const plan = (facts: Partial<PlanWish> = {}): MealPlan => {
  const defined = definePlan(wish(facts), { pupil: an, others: [], by, now: at('06:00') });
  if (!defined.ok) throw new Error(defined.refusal.code);
  return defined.value;
};
const defined = { years: [year()], prices: [{ ...price(), order: 1 }], rules: [{ ...rule(), order: 1 }] };
const daysOf = (facts: Partial<PlanWish>, clock = at('06:00')) =>
  layOut(plan(facts), defined, clock).meals.map(({ mealOfDay }) => mealOfDay.date);

test('a plan reaches to the end of next month', () => {
  expect(horizonOf(at('06:00'))).toBe('2026-12-31');
  expect(horizonOf(at('06:00', day('2026-12-01')))).toBe('2027-01-31');
  const laid = layOut(plan(), defined, at('06:00'));
  expect(laid.plan).toMatchObject({ laidUntil: '2026-12-31', waitsFor: undefined, dueAt: at('00:00', day('2026-12-01')) });
  expect(laid.meals).toHaveLength(28);
});

test('meals are laid out on school days of the pattern only, and not past a cut-off', () => {
  expect(daysOf({ week: week(1, 6), lastDay: day('2026-12-07') })).toEqual(['2026-11-23', '2026-11-30', '2026-12-07']);
  expect(daysOf({ week: week(1), lastDay: day('2026-12-07') }, at('07:30'))).toEqual(['2026-11-30', '2026-12-07']);
  expect(daysOf({ week: week(4), firstDay: day('2026-12-20') })).toEqual(['2026-12-24']);
});

test('a plan goes on where it was left, and is done at its last day', () => {
  const half = { ...plan({ lastDay: day('2026-12-04') }), laidUntil: day('2026-11-27') };
  const laid = layOut(half, defined, at('06:00'));
  expect(laid.meals.map(({ mealOfDay }) => mealOfDay.date)).toEqual(['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04']);
  expect(laid.plan).toMatchObject({ laidUntil: '2026-12-04', dueAt: undefined });
});

test('a plan waits for what is missing, and says what it is', () => {
  const waits = (missing: Partial<typeof defined>) => layOut(plan(), { ...defined, ...missing }, at('06:00'));
  expect(waits({ years: [] })).toMatchObject({ meals: [], plan: { waitsFor: 'CALENDAR', laidUntil: undefined } });
  expect(waits({ prices: [] }).plan.waitsFor).toBe('PRICE');
  expect(waits({ rules: [] }).plan.waitsFor).toBe('CUTOFF_RULE');
  const until = { ...price({ effectiveUntil: day('2026-11-24') }), order: 1 };
  expect(waits({ prices: [until] })).toMatchObject({ meals: [{}, {}], plan: { waitsFor: 'PRICE', laidUntil: '2026-11-24' } });
});

test('no meal of a weekday is in two plans at once', () => {
  const define = (facts: Partial<PlanWish>) =>
    definePlan(wish({ id: 'new', ...facts }), { pupil: an, others: [plan({ lastDay: day('2026-12-31') })], by, now: at('06:00') });
  expect(define({})).toMatchObject({
    refusal: { code: 'PLAN_OVERLAPS', planId: 'wish:an', firstDay: '2026-11-23', className: '1A' },
  });
  expect(define({ firstDay: day('2027-01-01') })).toMatchObject({ ok: true });
  expect(define({ week: week(6) })).toMatchObject({ ok: true });
  expect(define({ week: [{ weekday: 1, meals: ['SNACK'] }] })).toMatchObject({ ok: true });
  expect(define({ lastDay: day('2026-11-22') })).toMatchObject({ refusal: { code: 'PLAN_ENDS_TOO_EARLY' } });
});

test('an end that is moved brings the plan back to it, or lets it go further', () => {
  const laid = { ...plan(), laidUntil: day('2026-12-31'), dueAt: undefined };
  expect(endPlan(laid, day('2026-12-04'), at('06:00'))).toMatchObject({ lastDay: '2026-12-04', laidUntil: '2026-12-04' });
  expect(endPlan(laid, day('2027-02-01'), at('06:00'))).toMatchObject({ laidUntil: '2026-12-31', dueAt: at('06:00') });
});

test('two wishes are the same by their week and first day', () => {
  expect(sameWish(wish(), wish({ id: 'other' }))).toBe(true);
  expect(sameWish(wish(), wish({ week: week(1) }))).toBe(false);
});
