import { addDays, err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { instantOf, later, weekdayOf } from '../clock-time.ts';
import type { Named, Pupil } from '../roster/pupil.ts';
import { type DefinedTerms, type Terms, termsOf } from '../terms.ts';
import type { Meal, MealOfDay } from './meal.ts';

export type WeekdayMeals = { readonly weekday: number; readonly meals: readonly Meal[] };
export type PlanWaits = 'CALENDAR' | 'PRICE' | 'CUTOFF_RULE';

/** What is wanted week by week, for one or several pupils. */
export type PlanWish = {
  readonly id: string;
  readonly week: readonly WeekdayMeals[];
  readonly firstDay: SchoolDate;
  /** Undefined while no end is known. */
  readonly lastDay: SchoolDate | undefined;
};

/** Which meals a pupil gets week by week, and how far they are booked. */
export type MealPlan = PlanWish & {
  /** The wish that it comes from. */
  readonly wishId: string;
  readonly studentId: string;
  readonly definedBy: { readonly subject: string; readonly asParent: boolean };
  readonly laidUntil: SchoolDate | undefined;
  readonly waitsFor: PlanWaits | undefined;
  /** When the clock looks at it next; undefined once it is laid out to its last day. */
  readonly dueAt: Date | undefined;
};

export type PlanRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'PLAN_ENDS_TOO_EARLY'; readonly firstDay: SchoolDate }
  | ({ readonly code: 'PLAN_OVERLAPS'; readonly studentId: string; readonly planId: string; readonly firstDay: SchoolDate } & Named);

export function definePlan(
  wish: PlanWish,
  { pupil, others, by, now }: { pupil: Pupil; others: readonly MealPlan[]; by: MealPlan['definedBy']; now: Date },
): Result<MealPlan, PlanRefused> {
  const { firstDay, lastDay } = wish;
  const { id: studentId, className } = pupil;
  if (lastDay !== undefined && lastDay < firstDay) return err({ code: 'PLAN_ENDS_TOO_EARLY', firstDay });
  const other = others.find((plan) => overlap(plan, wish));
  if (other) return err({ code: 'PLAN_OVERLAPS', studentId, planId: other.id, firstDay: other.firstDay, className });
  const open = { laidUntil: undefined, waitsFor: undefined, dueAt: now };
  return ok({ ...wish, id: `${wish.id}:${studentId}`, wishId: wish.id, studentId, definedBy: by, ...open });
}

export function sameWish(plan: PlanWish, wish: PlanWish): boolean {
  const text = ({ week, firstDay }: PlanWish) => JSON.stringify([firstDay, week.map(({ weekday, meals }) => [weekday, ...meals])]);
  return text(plan) === text(wish);
}

/** Moves the end of a plan; if it then lasts longer, the clock books further. */
export function endPlan(plan: MealPlan, lastDay: SchoolDate, now: Date): MealPlan {
  const laidUntil = plan.laidUntil !== undefined && plan.laidUntil > lastDay ? lastDay : plan.laidUntil;
  return { ...plan, lastDay, laidUntil, dueAt: now };
}

/** Meals are booked up to the end of next month. */
export function horizonOf(now: Date): SchoolDate {
  return addDays(`${monthAfter(schoolDateOf(now), 2)}-01` as SchoolDate, -1);
}

export type LaidOut = {
  readonly meals: readonly { readonly mealOfDay: MealOfDay; readonly terms: Terms }[];
  /** The plan once these are booked. */
  readonly plan: MealPlan;
};

/** The meals of a plan that can be booked now: on school days, up to the horizon, of those whose cut-off is not past. */
export function layOut(plan: MealPlan, defined: DefinedTerms, now: Date): LaidOut {
  const today = schoolDateOf(now);
  const horizon = horizonOf(now);
  const until = plan.lastDay !== undefined && plan.lastDay < horizon ? plan.lastDay : horizon;
  const from = [plan.firstDay, today, plan.laidUntil === undefined ? today : addDays(plan.laidUntil, 1)].reduce(later);
  const meals: LaidOut['meals'][number][] = [];
  for (let date = from; date <= until; date = addDays(date, 1)) {
    for (const meal of mealsOn(plan, date)) {
      const terms = termsOf(defined, { date, meal });
      if (terms.ok && now < terms.value.cutoffAt) meals.push({ mealOfDay: { date, meal }, terms: terms.value });
      const waitsFor = terms.ok ? undefined : missing[terms.refusal.code];
      if (waitsFor) {
        const laid = meals.filter(({ mealOfDay }) => mealOfDay.date < date);
        return { meals: laid, plan: { ...plan, laidUntil: lastBefore(plan, from, date), waitsFor, dueAt: addDaysTo(now, 1) } };
      }
    }
  }
  const laidUntil = until < from ? plan.laidUntil : until;
  const done = plan.lastDay !== undefined && plan.lastDay <= horizon;
  return { meals, plan: { ...plan, laidUntil, waitsFor: undefined, dueAt: done ? undefined : startOfNextMonth(now) } };
}

/** What keeps a plan waiting; a holiday does not. */
const missing: Readonly<Record<string, PlanWaits | undefined>> = {
  OUTSIDE_SCHOOL_YEAR: 'CALENDAR',
  PRICE_MISSING: 'PRICE',
  CUTOFF_RULE_MISSING: 'CUTOFF_RULE',
};

function lastBefore(plan: MealPlan, from: SchoolDate, date: SchoolDate): SchoolDate | undefined {
  return date > from ? addDays(date, -1) : plan.laidUntil;
}

function mealsOn({ week }: PlanWish, date: SchoolDate): readonly Meal[] {
  const weekday = weekdayOf(date);
  return week.find((one) => one.weekday === weekday)?.meals ?? [];
}

/** Two plans may exist side by side as long as no meal of a weekday is in both. */
function overlap(a: PlanWish, b: PlanWish): boolean {
  const apart = (one: PlanWish, other: PlanWish) => one.lastDay !== undefined && one.lastDay < other.firstDay;
  if (apart(a, b) || apart(b, a)) return false;
  return a.week.some(({ weekday, meals }) =>
    b.week.some((one) => one.weekday === weekday && one.meals.some((meal) => meals.includes(meal))),
  );
}

function startOfNextMonth(now: Date): Date {
  return instantOf(`${monthAfter(schoolDateOf(now), 1)}-01` as SchoolDate, '00:00');
}

function monthAfter(date: SchoolDate, months: number): string {
  const count = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}

function addDaysTo(now: Date, days: number): Date {
  return new Date(now.getTime() + days * 86_400_000);
}
