import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { invoicePaid, lateCutEnded, mealCredited, mealCutLate } from '../../../test/given.ts';
import { familyOf, gather, isMealFact, isOpposite, mealKey, without } from './meals.ts';

const tuesday = '2026-11-24' as SchoolDate;
const snack = mealCredited({ meal: 'SNACK', amount: vnd(10_000n), balance: vnd(45_000n) });
const next = mealCredited({ date: tuesday, balance: vnd(35_000n) });

test('several facts are one in the order of their days and meals, with the balance after the last of them', () => {
  const one = gather([next, mealCredited({ balance: vnd(70_000n) }), snack]);
  expect(one.meals.map(({ date, meal }) => `${date} ${meal}`)).toEqual(['2026-11-23 LUNCH', '2026-11-23 SNACK', '2026-11-24 LUNCH']);
  expect(one.balance).toEqual(vnd(45_000n));
});

test('what is left of a fact is told without what is gone, and nothing where all of it is', () => {
  const both = gather([mealCredited(), snack]);
  expect(without(both, ({ meal }) => meal === 'LUNCH')).toEqual({ ...both, meals: snack.meals });
  expect(without(both, () => true)).toBeUndefined();
});

test('a meal is named by pupil, day and meal, whatever is said of it', () => {
  expect(mealKey('pupil-1', mealCredited().meals[0])).toBe('pupil-1:2026-11-23:LUNCH');
  expect(mealKey('pupil-1', mealCutLate().meals[0])).toBe('pupil-1:2026-11-23:LUNCH');
});

test('each kind of meal fact has its opposite in its family, and no other fact is of one', () => {
  expect([mealCredited(), mealCredited({}, 'MEAL_CREDIT_REVERSED')].map(({ kind }) => [familyOf(kind), isOpposite(kind)])).toEqual([
    ['CREDIT', false],
    ['CREDIT', true],
  ]);
  expect([mealCutLate(), lateCutEnded()].map(({ kind }) => [familyOf(kind), isOpposite(kind)])).toEqual([
    ['CUT_LATE', false],
    ['CUT_LATE', true],
  ]);
  expect(isMealFact(invoicePaid())).toBe(false);
});
