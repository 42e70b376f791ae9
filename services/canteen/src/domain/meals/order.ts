import { addDays, err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { earlier as earlierOf } from '../clock-time.ts';
import { type SchoolYear, yearBegan } from './calendar.ts';
import { type Meal, type MealOfDay, mealKey } from './meal.ts';

/** A request about meals of one or several pupils: each pupil and each meal. */
export type Order = {
  readonly id: string;
  readonly does: 'BOOK' | 'CANCEL' | 'RESTORE';
  readonly studentIds: readonly string[];
  readonly meals: readonly MealOfDay[];
  /** Why; may be empty. */
  readonly note: string;
  /** When the school was told, where a person of the school records it later. */
  readonly reportedAt: Date | undefined;
};

export type OrderRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'TOO_MANY_MEALS'; readonly most: number }
  | { readonly code: 'NAMED_TWICE'; readonly what: string }
  | { readonly code: 'REPORTED_BY_PARENT' }
  | { readonly code: 'CLOCK_AHEAD'; readonly at: Date; readonly now: Date };

export type TooLate =
  | { readonly code: 'CUTOFF_PASSED'; readonly date: SchoolDate; readonly meal: Meal; readonly cutoffAt: Date }
  | { readonly code: 'TOO_LONG_AGO'; readonly earliest: SchoolDate };

type When = {
  readonly now: Date;
  readonly asParent: boolean;
  /** First day whose meals the office may still book and change. */
  readonly openFrom: SchoolDate;
};

const mostMealsOfOrder = 500;
/** A new school year does not close the last weeks of the one before at once. */
const officeLooksBackDays = 31;
/** Clocks of devices differ a little; more than this is a report from the future. */
const clockSkewMs = 2 * 60_000;

/** The whole school year: a meal that was billed long ago can still be credited or charged on the next bill. */
export function openFrom(years: readonly SchoolYear[], now: Date): SchoolDate {
  const today = schoolDateOf(now);
  const lately = addDays(today, -officeLooksBackDays);
  return earlierOf(yearBegan(years, today) ?? lately, lately);
}

type Asking = Pick<When, 'now' | 'asParent'>;

/** `earlier` is the order that had this id before. */
export function checkOrder(earlier: Order | undefined, order: Order, { now, asParent }: Asking): Result<void, OrderRefused> {
  if (earlier) return contentOf(earlier) === contentOf(order) ? ok(undefined) : err({ code: 'ID_REUSED', id: order.id });
  const { studentIds, meals, reportedAt } = order;
  if (studentIds.length * meals.length > mostMealsOfOrder) return err({ code: 'TOO_MANY_MEALS', most: mostMealsOfOrder });
  const twice = firstRepeated(studentIds) ?? firstRepeated(meals.map(mealKey));
  if (twice !== undefined) return err({ code: 'NAMED_TWICE', what: twice });
  if (reportedAt && asParent) return err({ code: 'REPORTED_BY_PARENT' });
  if (reportedAt && reportedAt.getTime() > now.getTime() + clockSkewMs) return err({ code: 'CLOCK_AHEAD', at: reportedAt, now });
  return ok(undefined);
}

/** Whether a meal may still be booked or changed; true after the cut-off, when only the office may. */
export function isAfterCutoff(
  { date, meal, cutoffAt }: MealOfDay & { readonly cutoffAt: Date },
  { now, asParent, openFrom: earliest }: When,
): Result<boolean, TooLate> {
  if (now < cutoffAt) return ok(false);
  if (asParent) return err({ code: 'CUTOFF_PASSED', date, meal, cutoffAt });
  return date < earliest ? err({ code: 'TOO_LONG_AGO', earliest }) : ok(true);
}

function contentOf({ does, studentIds, meals, note, reportedAt }: Order): string {
  return [does, studentIds.join(), meals.map(mealKey).join(), reportedAt?.getTime(), note].join('\n');
}

function firstRepeated(texts: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return texts.find((text) => seen.size === seen.add(text).size);
}
