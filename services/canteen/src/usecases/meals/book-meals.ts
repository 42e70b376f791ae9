import { ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { later } from '../../domain/clock-time.ts';
import type { Act, Booking } from '../../domain/meals/booking.ts';
import { dietOn } from '../../domain/meals/diet.ts';
import { type MealOfDay, mealKey } from '../../domain/meals/meal.ts';
import { newBooking } from '../../domain/meals/new-booking.ts';
import { checkOrder, isAfterCutoff, type Order, type OrderRefused, openFrom, type TooLate } from '../../domain/meals/order.ts';
import { type Actor, mayActFor, type NotYours } from '../../domain/rights.ts';
import { atSchool, type Pupil, type PupilRefused } from '../../domain/roster/pupil.ts';
import { type NoTerms, type Terms, termsOf } from '../../domain/terms.ts';
import { mealsBooked } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

export type BookRefused = OrderRefused | NotYours | PupilRefused | NoTerms | TooLate;

/** rpc BookMeals: what is booked already stays as it is. What attendance announced earlier of a pupil and day counts from the beginning. */
export async function bookMeals(
  tx: CanteenTx,
  { order, actor }: { readonly order: Order; readonly actor: Actor },
): Promise<Result<Booking[], BookRefused>> {
  const { studentIds } = order;
  const allowed = mayActFor(await tx.authority.of(actor), studentIds, schoolDateOf(tx.now));
  if (!allowed.ok) return allowed;
  const earlier = await tx.orders.find(order.id);
  const known = await tx.students.findAll(studentIds);
  const checked = checkOrder(earlier, order, { now: tx.now, asParent: actor.scope === 'CHILDREN' });
  if (!checked.ok) return checked;
  if (earlier) return ok((await tx.bookings.findAll(earlier.bookingIds)).sort(byPupil));
  const meals = await termsOfMeals(tx, order.meals, actor);
  if (!meals.ok) return meals;
  const pupils = pupilsOn(known, order);
  if (!pupils.ok) return pupils;

  for (const studentId of studentIds) tx.lockRows.lock(studentId);
  const booked = await bookEach(tx, { pupils: pupils.value, meals: meals.value, by: actor.subject, orderId: order.id });
  for (const bookings of Map.groupBy(booked.added, ({ studentId }) => studentId).values()) {
    for (const booking of bookings) tx.bookings.insert(booking);
    for (const event of mealsBooked(bookings)) tx.emit(event);
  }
  const all = [...booked.added, ...booked.known].sort(byPupil);
  tx.orders.insert({ ...order, bookingIds: all.map(({ id }) => id) }, { at: tx.now, by: actor.subject });
  return ok(all);
}

type OnTerms = { readonly mealOfDay: MealOfDay; readonly terms: Terms; readonly late: boolean };

async function termsOfMeals(tx: CanteenTx, meals: readonly MealOfDay[], { scope }: Actor): Promise<Result<OnTerms[], NoTerms | TooLate>> {
  const kinds = [...new Set(meals.map(({ meal }) => meal))];
  const defined = { years: await tx.years.all(), prices: await tx.prices.ofMeals(kinds), rules: await tx.rules.ofMeals(kinds) };
  const when = { now: tx.now, asParent: scope === 'CHILDREN', openFrom: openFrom(defined.years, tx.now) };
  const found: OnTerms[] = [];
  for (const mealOfDay of meals) {
    const terms = termsOf(defined, mealOfDay);
    if (!terms.ok) return terms;
    const late = isAfterCutoff({ ...mealOfDay, cutoffAt: terms.value.cutoffAt }, when);
    if (!late.ok) return late;
    found.push({ mealOfDay, terms: terms.value, late: late.value });
  }
  return ok(found);
}

function pupilsOn(all: readonly Pupil[], { studentIds, meals }: Order): Result<Pupil[], PupilRefused> {
  const known = new Map(all.map((pupil) => [pupil.id, pupil]));
  const lastDay = meals.map(({ date }) => date).reduce(later);
  const pupils: Pupil[] = [];
  for (const studentId of studentIds) {
    const pupil = atSchool(known.get(studentId), studentId, lastDay);
    if (!pupil.ok) return pupil;
    pupils.push(pupil.value);
  }
  return ok(pupils);
}

interface Wanted {
  readonly pupils: readonly Pupil[];
  readonly meals: readonly OnTerms[];
  readonly by: string;
  readonly orderId: string;
}

async function bookEach(tx: CanteenTx, { pupils, meals, by, orderId }: Wanted): Promise<{ added: Booking[]; known: Booking[] }> {
  const ids = pupils.map(({ id }) => id);
  const dates = meals.map(({ mealOfDay }) => mealOfDay.date).sort();
  const [firstDay, lastDay] = [dates[0] as SchoolDate, dates.at(-1) as SchoolDate];
  const there = new Map(
    (await tx.bookings.between(ids, { firstDay, lastDay })).map((booking) => [keyOf(booking.studentId, booking), booking]),
  );
  const factsByDay = new Map(
    (await tx.attendance.between(ids, firstDay, lastDay)).map((day) => [`${day.studentId}:${day.date}`, day.facts]),
  );
  const diets = Map.groupBy(await tx.diets.ofPupils(ids), ({ studentId }) => studentId);
  const extraBy: Act = { id: orderId, does: 'RESTORE', reason: 'OFFICE', at: tx.now, by, note: '' };
  const [added, known]: [Booking[], Booking[]] = [[], []];
  for (const pupil of pupils) {
    for (const { mealOfDay, terms, late } of meals) {
      const booking = there.get(keyOf(pupil.id, mealOfDay));
      const attendance = factsByDay.get(`${pupil.id}:${mealOfDay.date}`) ?? [];
      const diet = dietOn(diets.get(pupil.id) ?? [], mealOfDay.date);
      if (booking) known.push(booking);
      else added.push(newBooking({ id: tx.newId(), pupil, mealOfDay, terms, diet, attendance, ...(late && { extraBy }) }, tx.now));
    }
  }
  return { added, known };
}

function keyOf(studentId: string, mealOfDay: MealOfDay): string {
  return `${studentId}:${mealKey(mealOfDay)}`;
}

function byPupil(a: Booking, b: Booking): number {
  return keyOf(a.studentId, a) < keyOf(b.studentId, b) ? -1 : 1;
}
