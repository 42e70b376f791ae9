import { z } from 'zod';
import type { CutoffRule } from '../domain/meals/cutoff.ts';
import type { Allergen, DietWish } from '../domain/meals/diet.ts';
import type { MenuWish } from '../domain/meals/menu.ts';
import type { MealPrice } from '../domain/meals/price.ts';
import { allergenList, clockTime, day, diet, halfDayRule, id, line, madeOf, meal, money, noDay, page, someId, time } from './scalars.ts';

const span = { effectiveFrom: day, effectiveUntil: noDay.or(day), citation: line(300) };

export const priceInput = z.object({
  price: z
    .object({ priceId: id, meal, price: money, ...span }, 'must be given')
    .transform(({ priceId, price: amount, ...same }): MealPrice => ({ id: priceId, amount, ...same })),
});

const daysBefore = z.number().int().min(0, 'must be 0 to 31').max(31, 'must be 0 to 31');
export const ruleInput = z.object({
  rule: z
    .object({ ruleId: id, meal, daysBefore, time: clockTime, halfDayRule, ...span }, 'must be given')
    .transform(({ ruleId, ...same }): CutoffRule => ({ id: ruleId, ...same })),
});

const named = {
  orderId: id,
  studentIds: z.array(someId).min(1, 'must have at least one pupil').max(200, 'must have at most 200 pupils'),
  meals: z
    .array(z.object({ date: day, meal }))
    .min(1, 'must have at least one meal')
    .max(100, 'must have at most 100 meals'),
};
export const bookInput = z.object(named);
export const cancelInput = z.object({ ...named, reason: line(300, 0), reportedAt: time });
export const restoreInput = z.object({ ...named, reason: line(300, 0) });

const month = z.string().regex(/^(\d{4}-(0[1-9]|1[0-2]))?$/, 'must be a month like 2026-11');
export const bookingsInput = z.object({ studentId: someId.or(z.literal('')), month, date: noDay.or(day), page });

export const countInput = z.object({ date: noDay.or(day), meal });
export const mealInput = z.object({ meal });
export const pupilInput = z.object({ studentId: someId });

const dish = z.object({ name: line(100), ingredients: madeOf });
const dishes = z.array(dish).min(1, 'must have at least one dish').max(20, 'must have at most 20 dishes');
export const menuInput = z.object({
  menu: z
    .object({ menuId: id, date: day, meal, dishes }, 'must be given')
    .transform(({ menuId, ...same }): MenuWish => ({ id: menuId, ...same })),
});
export const menusInput = z.object({ firstDay: noDay.or(day), lastDay: noDay.or(day), page });

const wantedDiet = z
  .object({ dietId: id, studentId: someId, diet, note: line(100, 0), avoided: allergenList, since: day }, 'must be given')
  .transform(({ dietId, diet: kind, note, avoided, ...same }) => ({
    id: dietId,
    ...same,
    diet: { kind, note, avoided: eachOnce(avoided) },
  }));
export const dietInput = z
  .object({ diet: wantedDiet, cleared: allergenList, noteCleared: z.boolean() })
  .transform(({ diet: wanted, ...may }): DietWish => ({ ...wanted, ...may }));

function eachOnce(allergens: readonly Allergen[]): Allergen[] {
  return [...new Set(allergens)].sort();
}

const weekday = z.object({
  weekday: z.number().int().min(1, 'must be 1 to 7').max(7, 'must be 1 to 7'),
  meals: z.array(meal).min(1, 'must have at least one meal').max(3, 'must have at most 3 meals').refine(isDistinct, 'must name each once'),
});
const week = z
  .array(weekday)
  .min(1, 'must have at least one weekday')
  .max(7, 'must have at most 7 weekdays')
  .refine((days) => isDistinct(days.map((one) => one.weekday)), 'must name each once');
export const plansInput = z
  .object({
    orderId: id,
    studentIds: z.array(someId).max(200, 'must have at most 200 pupils'),
    classId: someId.or(z.literal('')),
    week,
    firstDay: day,
    lastDay: noDay.or(day),
  })
  .refine(({ studentIds, classId }) => studentIds.length > 0 !== (classId !== ''), {
    error: 'must be given, or class_id, and not both',
    path: ['studentIds'],
  });
export const endPlanInput = z.object({ planId: someId, lastDay: day });

function isDistinct(values: readonly (string | number)[]): boolean {
  return new Set(values).size === values.length;
}
