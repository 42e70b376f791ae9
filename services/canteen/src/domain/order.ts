import { addDays, err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import type { AttendanceFact } from './attendance.ts';
import type { Act, Booking } from './booking.ts';
import { book } from './change.ts';
import type { Diet } from './diet.ts';
import { type Meal, type MealOfDay, mealKey } from './meal.ts';
import type { Pupil } from './pupil.ts';
import type { Terms } from './terms.ts';

/** Meals that are booked singly: each pupil gets each of them. */
export type Order = { readonly id: string; readonly studentIds: readonly string[]; readonly meals: readonly MealOfDay[] };

export type OrderRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'TOO_MANY_MEALS'; readonly most: number }
  | { readonly code: 'NAMED_TWICE'; readonly what: string };

export type TooLate =
  | { readonly code: 'CUTOFF_PASSED'; readonly date: SchoolDate; readonly meal: Meal; readonly cutoffAt: Date }
  | { readonly code: 'TOO_LONG_AGO'; readonly earliest: SchoolDate };

export const mostMealsOfOrder = 500;
/** The office puts right what happened in the last days; what is older is on a bill. */
const officeLooksBackDays = 31;

export function checkOrder(earlier: Order | undefined, { id, studentIds, meals }: Order): Result<void, OrderRefused> {
  if (earlier) {
    const same = earlier.studentIds.join() === studentIds.join() && earlier.meals.map(mealKey).join() === meals.map(mealKey).join();
    return same ? ok(undefined) : err({ code: 'ID_REUSED', id });
  }
  if (studentIds.length * meals.length > mostMealsOfOrder) return err({ code: 'TOO_MANY_MEALS', most: mostMealsOfOrder });
  const twice = firstRepeated(studentIds) ?? firstRepeated(meals.map(mealKey));
  return twice === undefined ? ok(undefined) : err({ code: 'NAMED_TWICE', what: twice });
}

type When = { readonly now: Date; readonly asParent: boolean };

/** Whether a meal may still be booked or cancelled; true where it is after the cut-off, which only the office may. */
export function isAfterCutoff(
  { date, meal, cutoffAt }: MealOfDay & { readonly cutoffAt: Date },
  { now, asParent }: When,
): Result<boolean, TooLate> {
  if (now < cutoffAt) return ok(false);
  if (asParent) return err({ code: 'CUTOFF_PASSED', date, meal, cutoffAt });
  const earliest = addDays(schoolDateOf(now), -officeLooksBackDays);
  return date < earliest ? err({ code: 'TOO_LONG_AGO', earliest }) : ok(true);
}

export type NewBooking = {
  readonly id: string;
  readonly pupil: Pupil;
  readonly mealOfDay: MealOfDay;
  readonly terms: Terms;
  readonly diet: Diet;
  readonly attendance: readonly AttendanceFact[];
  readonly planId?: string;
  /** The office's act that gives a portion after the cut-off. */
  readonly extraBy?: Act & { readonly does: 'RESTORE' };
};

export function newBooking({ id, pupil, mealOfDay, terms, diet, attendance, planId, extraBy }: NewBooking, now: Date): Booking {
  const { id: studentId, name: studentName, classId, className } = pupil;
  const facts = { acts: extraBy ? [extraBy] : [], leftToldAt: undefined, noSchoolToldAt: undefined };
  const who = { studentId, studentName, classId, className };
  return book({ id, ...who, ...mealOfDay, ...terms, ...facts, diet, planId, extra: extraBy !== undefined, bookedAt: now }, attendance, now);
}

function firstRepeated(texts: readonly string[]): string | undefined {
  return texts.find((text, index) => texts.indexOf(text) !== index);
}
