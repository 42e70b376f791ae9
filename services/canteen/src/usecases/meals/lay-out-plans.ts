import { type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import type { AttendanceFact } from '../../domain/meals/attendance.ts';
import type { Act, Booking } from '../../domain/meals/booking.ts';
import { type Change, reassess } from '../../domain/meals/change.ts';
import { dietOn, type SetDiet } from '../../domain/meals/diet.ts';
import { mealKey } from '../../domain/meals/meal.ts';
import { newBooking } from '../../domain/meals/new-booking.ts';
import { horizonOf, type LaidOut, layOut, type MealPlan } from '../../domain/meals/plan.ts';
import type { KnownPupil } from '../../domain/roster/pupil.ts';
import type { DefinedTerms } from '../../domain/terms.ts';
import { mealsBooked, statusChanged } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

/**
 * Books the meals of some plans up to the end of next month. The same transaction stores how far a plan is booked, and leaves alone what is
 * booked already, so a plan may be laid out any number of times.
 */
export async function layOutPlans(tx: CanteenTx, planIds: readonly string[]): Promise<void> {
  const due = (await tx.plans.findAll(planIds)).filter(({ dueAt }) => dueAt !== undefined && dueAt <= tx.now);
  if (due.length === 0) return;
  const context = await contextOf(tx, due);
  for (const studentId of new Set(due.map((plan) => plan.studentId))) tx.lockRows.lock(studentId);
  for (const plan of due) {
    const laid = layOut(plan, context.defined, tx.now);
    const { added, restored } = bookPlan(tx, laid, context);
    for (const booking of added) tx.bookings.insert(booking);
    for (const event of mealsBooked(added)) tx.emit(event);
    for (const change of restored) {
      tx.bookings.save(change.after);
      for (const event of statusChanged(change)) tx.emit(event);
    }
    tx.plans.save(laid.plan);
  }
}

interface PlanContext {
  readonly defined: DefinedTerms;
  readonly pupils: ReadonlyMap<string, KnownPupil>;
  /** By pupil, day and meal; grows with what is booked here. */
  readonly booked: Map<string, Booking>;
  readonly factsByDay: ReadonlyMap<string, readonly AttendanceFact[]>;
  readonly diets: ReadonlyMap<string, readonly SetDiet[]>;
}

async function contextOf(tx: CanteenTx, plans: readonly MealPlan[]): Promise<PlanContext> {
  const ids = [...new Set(plans.map(({ studentId }) => studentId))];
  const meals = [...new Set(plans.flatMap(({ week }) => week.flatMap((day) => day.meals)))];
  const [firstDay, lastDay] = [schoolDateOf(tx.now), horizonOf(tx.now)];
  const bookings = await tx.bookings.between(ids, { firstDay, lastDay });
  const days = await tx.attendance.between(ids, firstDay, lastDay);
  return {
    defined: { years: await tx.years.all(), prices: await tx.prices.ofMeals(meals), rules: await tx.rules.ofMeals(meals) },
    pupils: new Map((await tx.students.findAll(ids)).map((pupil) => [pupil.id, pupil])),
    booked: new Map(bookings.map((booking) => [`${booking.studentId}:${mealKey(booking)}`, booking])),
    factsByDay: new Map(days.map(({ studentId, date, facts }) => [`${studentId}:${date}`, facts])),
    diets: Map.groupBy(await tx.diets.ofPupils(ids), ({ studentId }) => studentId),
  };
}

function bookPlan(
  tx: CanteenTx,
  { plan, meals }: LaidOut,
  { pupils, booked, factsByDay, diets }: PlanContext,
): { added: Booking[]; restored: Change[] } {
  const pupil = pupils.get(plan.studentId);
  const added: Booking[] = [];
  const restored: Change[] = [];
  for (const { mealOfDay, terms } of pupil ? meals : []) {
    const { date } = mealOfDay;
    if (!pupil || isGone(pupil, date)) continue;
    const key = `${pupil.id}:${mealKey(mealOfDay)}`;
    const attendance = factsByDay.get(`${pupil.id}:${date}`) ?? [];
    const there = booked.get(key);
    if (there) {
      const change = takeOver(there, plan, { attendance, actId: tx.newId(), now: tx.now });
      if (change) restored.push(change);
      if (change) booked.set(key, change.after);
      continue;
    }
    const diet = dietOn(diets.get(pupil.id) ?? [], date);
    const booking = newBooking({ id: tx.newId(), pupil, mealOfDay, terms, diet, attendance, planId: plan.id }, tx.now);
    booked.set(key, booking);
    added.push(booking);
  }
  return { added, restored };
}

function isGone({ leftOn }: KnownPupil, date: SchoolDate): boolean {
  return leftOn !== undefined && leftOn < date;
}

type TakingOver = { readonly attendance: readonly AttendanceFact[]; readonly actId: string; readonly now: Date };

/** This plan restores a meal that the end of a plan cancelled; any other stays as it is. */
function takeOver(booking: Booking, plan: MealPlan, { attendance, actId, now }: TakingOver): Change | undefined {
  const last = booking.acts.at(-1);
  if (last?.does !== 'CANCEL' || last.reason !== 'PLAN_ENDED' || booking.cutoffAt <= now) return undefined;
  const { subject: by, asParent } = plan.definedBy;
  const act: Act = { id: actId, does: 'RESTORE', reason: 'PLAN', at: now, by, note: '' };
  const cause = { reason: asParent ? 'GUARDIAN' : 'OFFICE', reportedAt: now } as const;
  return reassess(booking, { acts: [...booking.acts, act], planId: plan.id }, { attendance, cause, now });
}
