import { equal } from '@schoolbell/kernel';
import { inForce } from '../../domain/dated.ts';
import type { Booking } from '../../domain/meals/booking.ts';
import { reassess } from '../../domain/meals/change.ts';
import { movedCutoff, moveOn, type Recalculation, schoolOfDay } from '../../domain/meals/recalculation.ts';
import { mealsRepriced, statusChanged } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

/**
 * Recalculates the next booked meals, and stores how far it came in the same transaction. The result depends only on the prices, rules and
 * calendars of now, so that two recalculations at once end alike, whichever comes first.
 */
export async function continueRecalculation(tx: CanteenTx, { id, size }: { readonly id: string; readonly size: number }): Promise<void> {
  const recalculation = await tx.recalculations.find(id);
  if (!recalculation || recalculation.done || recalculation.dueAt > tx.now) return;
  const bookings = await tx.bookings.next(recalculation, { after: recalculation.cursor, size });
  if (recalculation.why === 'PRICE') await reprice(tx, bookings);
  else await reassessAll(tx, recalculation, bookings);
  tx.recalculations.save(recalculation, moveOn(recalculation, bookings.at(-1)));
}

async function reprice(tx: CanteenTx, bookings: readonly Booking[]): Promise<void> {
  const prices = await tx.prices.ofMeals([...new Set(bookings.map(({ meal }) => meal))]);
  const repriced = bookings.flatMap((booking) => {
    const price = inForce(prices, booking);
    return price && !equal(price.amount, booking.price) ? [{ booking: { ...booking, price: price.amount }, citation: price.citation }] : [];
  });
  for (const ofPupil of Map.groupBy(repriced, ({ booking, citation }) => `${booking.studentId}\n${citation}`).values()) {
    const [first] = ofPupil;
    if (!first) continue;
    tx.lockRows.lock(first.booking.studentId);
    for (const { booking } of ofPupil) tx.bookings.reprice(booking);
    for (const event of mealsRepriced(
      ofPupil.map(({ booking }) => booking),
      first.citation,
    ))
      tx.emit(event);
  }
}

async function reassessAll(tx: CanteenTx, recalculation: Recalculation, bookings: readonly Booking[]): Promise<void> {
  const years = recalculation.why === 'CALENDAR' ? await tx.years.all() : [];
  const rules = recalculation.why === 'CUTOFF' ? await tx.rules.ofMeals([...new Set(bookings.map(({ meal }) => meal))]) : [];
  const factsByDay = await factsAbout(tx, bookings);
  const cause = { reason: 'SCHOOL_DAY', reportedAt: recalculation.startedAt } as const;
  for (const booking of bookings) {
    const facts = recalculation.why === 'CALENDAR' ? schoolOfDay(booking, years) : movedCutoff(booking, rules, tx.now);
    if (!facts) continue;
    const attendance = factsByDay.get(`${booking.studentId}:${booking.date}`) ?? [];
    const change = reassess(booking, facts, { attendance, cause, now: tx.now });
    if (!change) continue;
    tx.lockRows.lock(booking.studentId);
    tx.bookings.save(change.after);
    for (const event of statusChanged(change)) tx.emit(event);
  }
}

async function factsAbout(tx: CanteenTx, bookings: readonly Booking[]) {
  const dates = bookings.map(({ date }) => date).sort();
  const [firstDay, lastDay] = [dates[0], dates.at(-1)];
  if (firstDay === undefined || lastDay === undefined) return new Map<string, never>();
  const days = await tx.attendance.between([...new Set(bookings.map(({ studentId }) => studentId))], firstDay, lastDay);
  return new Map(days.map(({ studentId, date, facts }) => [`${studentId}:${date}`, facts]));
}
