import type { SchoolDate } from '@schoolbell/kernel';
import type { Session } from '@schoolbell/service-kit';
import type { Booking } from '../domain/booking.ts';
import type { MealOfDay } from '../domain/meal.ts';
import { bookings, toBooking, toDoc } from './booking-documents.ts';

/** One row per pupil, day and meal. */
export function bookingStore(session: Session) {
  const collection = session.collection(bookings);
  return {
    async findAll(ids: readonly string[]): Promise<Booking[]> {
      return (await collection.find({ _id: { $in: [...ids] } })).map(toBooking);
    },
    /** Of one pupil on one day. */
    async ofDay(studentId: string, date: SchoolDate): Promise<Booking[]> {
      return (await collection.find({ studentId, date })).map(toBooking);
    },
    /** Of these pupils from one day to another, whatever their standing. */
    async between(studentIds: readonly string[], firstDay: SchoolDate, lastDay: SchoolDate | undefined): Promise<Booking[]> {
      const date = lastDay === undefined ? { $gte: firstDay } : { $gte: firstDay, $lte: lastDay };
      return (await collection.find({ studentId: { $in: [...studentIds] }, date })).map(toBooking);
    },
    /** What the kitchen heard of a meal after the cut-off. */
    async changedLate({ date, meal }: MealOfDay): Promise<Booking[]> {
      return (await collection.find({ date, meal, late: { $exists: true } })).map(toBooking);
    },
    /** Portions of a meal for which the kitchen must take care. */
    async careful({ date, meal }: MealOfDay): Promise<Booking[]> {
      return (await collection.find({ date, meal, careful: true, portion: 1 })).map(toBooking);
    },
    insert(booking: Booking): void {
      collection.insert(toDoc(booking));
    },
    save(booking: Booking): void {
      collection.replace(toDoc(booking));
    },
  };
}
