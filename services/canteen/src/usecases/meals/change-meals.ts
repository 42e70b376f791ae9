import { err, ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import { type ActRefused, cancelling, type Doing, restoring } from '../../domain/meals/act.ts';
import type { Booking } from '../../domain/meals/booking.ts';
import { type Change, reassess } from '../../domain/meals/change.ts';
import { mealKey } from '../../domain/meals/meal.ts';
import { checkOrder, type Order, type OrderRefused, openFrom } from '../../domain/meals/order.ts';
import { type Actor, mayActFor, type NotYours } from '../../domain/rights.ts';
import { atSchool, type KnownPupil, type PupilRefused } from '../../domain/roster/pupil.ts';
import { statusChanged } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

export type ChangeRefused = OrderRefused | NotYours | PupilRefused | ActRefused | { readonly code: 'NOTHING_BOOKED' };

/** rpc CancelMeals, rpc RestoreMeals: adds an act to each booked meal that is named; earlier acts stay on record. */
export async function changeMeals(
  tx: CanteenTx,
  { order, actor }: { readonly order: Order; readonly actor: Actor },
): Promise<Result<Booking[], ChangeRefused>> {
  const { studentIds } = order;
  const allowed = mayActFor(await tx.authority.of(actor), studentIds, schoolDateOf(tx.now));
  if (!allowed.ok) return allowed;
  const earlier = await tx.orders.find(order.id);
  const known = await tx.students.findAll(studentIds);
  const checked = checkOrder(earlier, order, { now: tx.now, asParent: actor.scope === 'CHILDREN' });
  if (!checked.ok) return checked;
  if (earlier) return ok(await tx.bookings.findAll(earlier.bookingIds));
  const named = await bookingsNamed(tx, order);
  if (named.length === 0) return err({ code: 'NOTHING_BOOKED' });
  const pupils = new Map(known.map((pupil) => [pupil.id, pupil]));
  const changes = await changesBy(tx, { order, actor, named, pupils });
  if (!changes.ok) return changes;

  for (const studentId of studentIds) tx.lockRows.lock(studentId);
  for (const change of changes.value.values()) {
    tx.bookings.save(change.after);
    for (const event of statusChanged(change)) tx.emit(event);
  }
  tx.orders.insert({ ...order, bookingIds: named.map(({ id }) => id) }, { at: tx.now, by: actor.subject });
  return ok(named.map((booking) => changes.value.get(booking.id)?.after ?? booking));
}

async function bookingsNamed(tx: CanteenTx, { studentIds, meals }: Order): Promise<Booking[]> {
  const days = meals.map(({ date }) => date).sort();
  const [firstDay, lastDay] = [days[0], days.at(-1)];
  if (firstDay === undefined) return [];
  const wanted = new Set(meals.map(mealKey));
  return (await tx.bookings.between(studentIds, { firstDay, lastDay })).filter((booking) => wanted.has(mealKey(booking)));
}

interface Acting {
  readonly order: Order;
  readonly actor: Actor;
  readonly named: readonly Booking[];
  readonly pupils: ReadonlyMap<string, KnownPupil>;
}

async function changesBy(
  tx: CanteenTx,
  { order, actor, named, pupils }: Acting,
): Promise<Result<Map<string, Change>, PupilRefused | ActRefused>> {
  const changes = new Map<string, Change>();
  const context = { order, actor, now: tx.now, openFrom: openFrom(await tx.years.all(), tx.now) };
  for (const booking of named) {
    const doing = order.does === 'CANCEL' ? cancelling(booking, context) : giving(booking, context, pupils);
    if (!doing.ok) return doing;
    if (!doing.value) continue;
    const { act, cause } = doing.value;
    const attendance = (await tx.attendance.open(booking.studentId, booking.date)).facts;
    const change = reassess(booking, { acts: [...booking.acts, act] }, { attendance, cause, now: tx.now });
    if (change) changes.set(booking.id, change);
  }
  return ok(changes);
}

function giving(
  booking: Booking,
  context: Parameters<typeof restoring>[1],
  pupils: ReadonlyMap<string, KnownPupil>,
): Result<Doing, PupilRefused | ActRefused> {
  const { studentId, date } = booking;
  const pupil = atSchool(pupils.get(studentId), studentId, date);
  return pupil.ok ? restoring(booking, context) : pupil;
}
