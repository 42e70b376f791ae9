import type { Fact, Meal, MealFact, MealOfDay, Some } from '../alerts/fact.ts';

export function isMealFact(fact: Fact): fact is MealFact {
  return 'meals' in fact;
}

/** Money that came for meals and goes again; meals that were cut too late and were not after all. */
export type MealFamily = 'CREDIT' | 'CUT_LATE';

export const mealKinds = [
  'MEAL_CREDITED',
  'MEAL_CREDIT_REVERSED',
  'MEAL_CUT_LATE',
  'MEAL_CUT_LATE_ENDED',
] as const satisfies readonly MealFact['kind'][];

export function familyOf(kind: MealFact['kind']): MealFamily {
  return kind === 'MEAL_CREDITED' || kind === 'MEAL_CREDIT_REVERSED' ? 'CREDIT' : 'CUT_LATE';
}

/** Whether it takes back what the other kind of its family said. */
export function isOpposite(kind: MealFact['kind']): boolean {
  return kind === 'MEAL_CREDIT_REVERSED' || kind === 'MEAL_CUT_LATE_ENDED';
}

/** Names one meal of one pupil. */
export function mealKey(studentId: string, { date, meal }: MealOfDay): string {
  return `${studentId}:${date}:${meal}`;
}

/** One fact of what several facts of a kind say; what holds for all of them is as the last says. */
export function gather<F extends MealFact>(facts: Some<F>): F {
  const last = facts.at(-1) ?? facts[0];
  const meals = facts.flatMap((fact): readonly MealOfDay[] => fact.meals).toSorted(byDay);
  return { ...last, meals } as F;
}

/** The fact without some of its meals; undefined where none is left. */
export function without<F extends MealFact>(fact: F, gone: (meal: MealOfDay) => boolean): F | undefined {
  const meals = fact.meals.filter((meal) => !gone(meal));
  return meals.length > 0 ? ({ ...fact, meals } as F) : undefined;
}

const order: readonly Meal[] = ['BREAKFAST', 'LUNCH', 'SNACK', 'OTHER'];

function byDay(a: MealOfDay, b: MealOfDay): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  return order.indexOf(a.meal) - order.indexOf(b.meal);
}
