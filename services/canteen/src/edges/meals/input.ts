import { Allergen, Diet, HalfDayRule, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { fields, says } from '@schoolbell/service-kit';
import { z } from 'zod';
import type { CutoffRule } from '../../domain/meals/cutoff.ts';
import { allergens, type DietWish } from '../../domain/meals/diet.ts';
import type { MenuWish } from '../../domain/meals/menu.ts';
import type { Order } from '../../domain/meals/order.ts';
import type { MealPrice } from '../../domain/meals/price.ts';
import type { PlanOrder } from '../../usecases/meals/define-meal-plans.ts';

const { anyInstant, blankOr, choice, day, id, line, money, page, someId, timeOfDay, whole } = fields;

const mealNames = ['BREAKFAST', 'LUNCH', 'SNACK'] as const;
export const meal = choice(Meal, mealNames);
export const anyMeal = fields.anyChoice(Meal, mealNames);
const allergenList = z.array(choice(Allergen, allergens)).max(14);
export const ingredients = z.array(z.object({ name: line(100), allergens: allergenList })).max(40);

const span = { effectiveFrom: day, effectiveUntil: blankOr(day), citation: line(300) };
export const priceInput = z.object({
  price: z
    .object({ priceId: id, meal, price: money(0n, 10_000_000n), ...span })
    .transform(({ priceId, price: amount, ...same }): MealPrice => ({ id: priceId, amount, ...same })),
});
const halfDayRule = choice(HalfDayRule, ['WHOLE_DAY', 'MORNING', 'AFTERNOON', 'ANY_HALF']);
export const ruleInput = z.object({
  rule: z
    .object({ ruleId: id, meal, daysBefore: whole(0, 31), time: timeOfDay, halfDayRule, ...span })
    .transform(({ ruleId, ...same }): CutoffRule => ({ id: ruleId, ...same })),
});

const pupilsAndMeals = {
  orderId: id,
  studentIds: z.array(someId).min(1).max(200),
  meals: z
    .array(z.object({ date: day, meal }))
    .min(1)
    .max(100),
};
export const bookInput = z.object(pupilsAndMeals).transform(({ orderId, ...same }): { order: Order } => ({
  order: { id: orderId, does: 'BOOK', ...same, note: '', reportedAt: undefined },
}));
export const cancelInput = z
  .object({ ...pupilsAndMeals, reason: line(300, 0), reportedAt: anyInstant })
  .transform(({ orderId, reason: note, ...same }): { order: Order } => ({ order: { id: orderId, does: 'CANCEL', ...same, note } }));
export const restoreInput = z
  .object({ ...pupilsAndMeals, reason: line(300, 0) })
  .transform(({ orderId, reason: note, ...same }): { order: Order } => ({
    order: { id: orderId, does: 'RESTORE', ...same, note, reportedAt: undefined },
  }));

const month = z
  .string()
  .refine((text) => /^\d{4}-(0[1-9]|1[0-2])$/.test(text), says('must be a month like 2026-11', 'phải là một tháng, ví dụ 2026-11'));
export const bookingsInput = z.object({ studentId: blankOr(someId), month: blankOr(month), date: blankOr(day), page });
export const mealOfDayInput = z.object({ date: blankOr(day), meal });
export const mealInput = z.object({ meal });
export const pupilInput = z.object({ studentId: someId });

const dishes = z
  .array(z.object({ name: line(100), ingredients }))
  .min(1)
  .max(20);
export const menuInput = z.object({
  menu: z.object({ menuId: id, date: day, meal, dishes }).transform(({ menuId, ...same }): MenuWish => ({ id: menuId, ...same })),
});
export const menusInput = z.object({ firstDay: blankOr(day), lastDay: blankOr(day), page });

const dietKind = choice(Diet, ['STANDARD', 'VEGETARIAN', 'NO_PORK', 'SOFT', 'OTHER']);
export const dietInput = z
  .object({
    diet: z.object({ dietId: id, studentId: someId, diet: dietKind, note: line(100, 0), avoided: allergenList, since: day }),
    cleared: allergenList,
    noteCleared: z.boolean(),
  })
  .transform(({ diet: { dietId, diet: kind, note, avoided, ...same }, ...may }): { wanted: DietWish } => ({
    wanted: { id: dietId, ...same, diet: { kind, note, avoided: [...new Set(avoided)].sort() }, ...may },
  }));

const eachOnce = says('must name each once', 'mỗi mục chỉ được nêu một lần');
const weekday = z.object({ weekday: whole(1, 7), meals: z.array(meal).min(1).max(3).refine(isDistinct, eachOnce) });
const week = z
  .array(weekday)
  .min(1)
  .max(7)
  .refine((days) => isDistinct(days.map((one) => one.weekday)), eachOnce);
const pupilsOrClass = says('must be given, or class_id, and not both', 'phải có, hoặc class_id, không được cả hai');
export const plansInput = z
  .object({
    ...{ orderId: id, studentIds: z.array(someId).max(200), classId: blankOr(someId) },
    ...{ week, firstDay: day, lastDay: blankOr(day) },
  })
  .refine(({ studentIds, classId }) => studentIds.length > 0 !== (classId !== undefined), { ...pupilsOrClass, path: ['studentIds'] })
  .transform(
    ({ orderId, studentIds, classId, ...wish }): Omit<PlanOrder, 'actor'> => ({
      wish: { id: orderId, ...wish },
      whom: classId === undefined ? { studentIds } : { classId },
    }),
  );
export const endPlanInput = z.object({ planId: someId, lastDay: day });

function isDistinct(values: readonly (string | number)[]): boolean {
  return new Set(values).size === values.length;
}
