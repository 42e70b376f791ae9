import { equal } from '@schoolbell/kernel';
import { inForce } from '../../domain/dated.ts';
import type { Booking } from '../../domain/meals/booking.ts';
import { lookAnew } from '../../domain/meals/change.ts';
import { movedCutoff, moveOn, schoolOfDay, type Walk } from '../../domain/meals/walk.ts';
import { mealsRepriced, standingChanged } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

/**
 * Goes through the next booked meals, and moves on in the same transaction. Everything is reckoned from what is laid down
 * now, so that two walks at once end alike, whichever comes first.
 */
export async function goOnWithWalk(tx: CanteenTx, { walkId, size }: { readonly walkId: string; readonly size: number }): Promise<void> {
  const walk = await tx.walks.find(walkId);
  if (!walk || walk.done || walk.dueAt > tx.now) return;
  const bookings = await tx.bookings.next(walk, { after: walk.cursor, size });
  if (walk.why === 'PRICE') await reprice(tx, bookings);
  else await lookAtAll(tx, walk, bookings);
  tx.walks.save(walk, moveOn(walk, bookings.at(-1)));
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
    tx.turns.take(first.booking.studentId);
    for (const { booking } of ofPupil) tx.bookings.reprice(booking);
    for (const event of mealsRepriced(
      ofPupil.map(({ booking }) => booking),
      first.citation,
    ))
      tx.emit(event);
  }
}

async function lookAtAll(tx: CanteenTx, walk: Walk, bookings: readonly Booking[]): Promise<void> {
  const years = walk.why === 'CALENDAR' ? await tx.years.all() : [];
  const rules = walk.why === 'CUTOFF' ? await tx.rules.ofMeals([...new Set(bookings.map(({ meal }) => meal))]) : [];
  const said = await factsAbout(tx, bookings);
  const cause = { reason: 'SCHOOL_DAY', reportedAt: walk.startedAt } as const;
  for (const booking of bookings) {
    const facts = walk.why === 'CALENDAR' ? schoolOfDay(booking, years) : movedCutoff(booking, rules, tx.now);
    if (!facts) continue;
    const attendance = said.get(`${booking.studentId}:${booking.date}`) ?? [];
    const change = lookAnew(booking, facts, { attendance, cause, now: tx.now });
    if (!change) continue;
    tx.turns.take(booking.studentId);
    tx.bookings.save(change.after);
    for (const event of standingChanged(change)) tx.emit(event);
  }
}

async function factsAbout(tx: CanteenTx, bookings: readonly Booking[]) {
  const dates = bookings.map(({ date }) => date).sort();
  const [firstDay, lastDay] = [dates[0], dates.at(-1)];
  if (firstDay === undefined || lastDay === undefined) return new Map<string, never>();
  const days = await tx.attendance.between([...new Set(bookings.map(({ studentId }) => studentId))], firstDay, lastDay);
  return new Map(days.map(({ studentId, date, facts }) => [`${studentId}:${date}`, facts]));
}
