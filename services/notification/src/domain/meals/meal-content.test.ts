import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import type { CreditedMeal, LateMeal, MealFact } from '../alerts/fact.ts';
import { ofMeal } from './meal-content.ts';

const day = (text: string): SchoolDate => text as SchoolDate;
const at = (text: string): Date => new Date(text);
const studentName = 'Bùi Thanh Giang';
const lunch: CreditedMeal = { date: day('2026-11-23'), meal: 'LUNCH', amount: vnd(35_000n), reason: 'ABSENT' };
const snack: CreditedMeal = { ...lunch, meal: 'SNACK', amount: vnd(12_000n) };
const late: LateMeal = {
  ...{ date: day('2026-11-23'), meal: 'LUNCH', price: vnd(35_000n), reason: 'ABSENT' },
  ...{ cutoffAt: at('2026-11-23T01:00:00Z'), reportedAt: at('2026-11-23T01:20:00Z') },
};

/** Texts as their keys with what they are given. */
const say = (key: string, facts: Readonly<Record<string, string>> = {}): string => [key, ...Object.values(facts)].join(' ');
const told = (fact: MealFact) => ofMeal(fact, { language: 'vi', say, occurredAt: at('2026-11-23T01:00:10Z') });

test('one meal stands in the sentences, several are counted there and listed with what each cost', () => {
  const one = told({ kind: 'MEAL_CREDITED', studentName, meals: [lunch], balance: vnd(35_000n) });
  expect(one).toMatchObject({
    tone: 'credit',
    highlight: '35.000 ₫',
    facts: { meal: 'meal.LUNCH', day: '23/11/2026', amount: '35.000 ₫' },
  });
  expect(one.texts).toBeUndefined();

  const week = [lunch, snack, { ...lunch, date: day('2026-11-24') }] as const;
  const several = told({ kind: 'MEAL_CREDITED', studentName, meals: week, balance: vnd(82_000n) });
  expect(several).toMatchObject({
    texts: 'MEAL_CREDITED_SEVERAL',
    highlight: '82.000 ₫',
    facts: { meals: 'meals.ofDays 3 23/11/2026 24/11/2026' },
  });
  expect(several.rows.slice(0, 4)).toEqual([
    ['23/11/2026 · Meal.LUNCH', '35.000 ₫'],
    ['23/11/2026 · Meal.SNACK', '12.000 ₫'],
    ['24/11/2026 · Meal.LUNCH', '35.000 ₫'],
    ['row.credited', '82.000 ₫'],
  ]);
});

test('several meals of one day are named, not counted', () => {
  const { facts } = told({ kind: 'MEAL_CREDITED', studentName, meals: [lunch, snack], balance: vnd(47_000n) });
  expect(facts.meals).toBe('meals.ofDay meal.LUNCH meals.and meal.SNACK 23/11/2026');
});

test('a credit that goes back says what the next bill asks for, without a minus', () => {
  const { rows, tone } = told({ kind: 'MEAL_CREDIT_REVERSED', studentName, meals: [lunch], balance: vnd(-35_000n) });
  expect(tone).toBe('open');
  expect(rows.slice(-2)).toEqual([
    ['row.takenBack', '35.000 ₫'],
    ['row.owed', '35.000 ₫'],
  ]);
});

test('meals that were cut too late say each when the cut-off was and when the school was told', () => {
  const { rows, highlight } = told({
    kind: 'MEAL_CUT_LATE',
    studentName,
    meals: [late, { ...late, meal: 'SNACK', price: vnd(12_000n), cutoffAt: at('2026-11-23T00:00:00Z') }],
  });
  expect(highlight).toBe('47.000 ₫');
  expect(rows.map(([, value]) => value)).toEqual([
    '35.000 ₫ · row.cutoff: 23/11/2026 08:00 · row.reported: 23/11/2026 08:20 · row.reason: cutReason.ABSENT',
    '12.000 ₫ · row.cutoff: 23/11/2026 07:00 · row.reported: 23/11/2026 08:20 · row.reason: cutReason.ABSENT',
    '47.000 ₫',
  ]);
});

test('late cuts that end alike are told in a sentence, those that do not each in its row', () => {
  const ended = { date: late.date, meal: 'LUNCH', price: late.price, stands: 'BOOKED' } as const;
  const alike = told({ kind: 'MEAL_CUT_LATE_ENDED', studentName, meals: [ended, { ...ended, meal: 'SNACK' }] });
  expect(alike).toMatchObject({ tone: 'done', highlight: 'mealStands.BOOKED', more: ['mealNow.BOOKED'] });
  const mixed = told({ kind: 'MEAL_CUT_LATE_ENDED', studentName, meals: [ended, { ...ended, meal: 'SNACK', stands: 'CANCELLED' }] });
  expect(mixed.highlight).toBe('mealStands.MIXED');
  expect(mixed.more).toBeUndefined();
  expect(mixed.rows.map(([, value]) => value)).toEqual(['mealStands.BOOKED', 'mealStands.CANCELLED']);
});
