import type { SchoolDate } from '@schoolbell/kernel';

/** A meal of the school day. */
export type Meal = 'BREAKFAST' | 'LUNCH' | 'SNACK';
export type MealOfDay = { readonly date: SchoolDate; readonly meal: Meal };

/** Half of a school day: a buổi. */
export type Session = 'MORNING' | 'AFTERNOON';

/** Sorts as the days do, and within a day by name of the meal. */
export function mealKey({ date, meal }: MealOfDay): string {
  return `${date}:${meal}`;
}
