import type { SchoolDate } from '@schoolbell/kernel';
import { onceRead, type Page, type PageRequest, type Session, toPage } from '@schoolbell/service-kit';
import type { Booking } from '../../domain/meals/booking.ts';
import type { Meal } from '../../domain/meals/meal.ts';
import { bookings, toBooking, toDoc } from './booking-documents.ts';

interface Span {
  readonly firstDay: SchoolDate;
  /** Undefined for all that follow. */
  readonly lastDay: SchoolDate | undefined;
  /** Undefined for all. */
  readonly meal?: Meal | undefined;
}

/** One row per pupil, day and meal. */
export function bookingStore(session: Session) {
  const collection = session.collection(bookings);
  const dayOf = ({ studentId, date }: { readonly studentId: string; readonly date: string }): string => `${studentId}:${date}`;
  const ofDays = onceRead<Booking>(async (days) => {
    // By date, not every pupil on every date: a morning has one date, and leave of weeks a few pupils. MongoDB takes
    // the index only where the school is in each part.
    const byDate = Map.groupBy(
      days.map((day) => day.split(':')),
      ([, date]) => date,
    );
    const $or = [...byDate].map(([date = '', pupils]) => ({
      schoolId: session.schoolId,
      date,
      studentId: { $in: pupils.map(([studentId = '']) => studentId) },
    }));
    return (await collection.find({ $or })).map((doc) => [dayOf(doc), toBooking(doc)]);
  });
  return {
    async findAll(ids: readonly string[]): Promise<Booking[]> {
      return (await collection.find({ _id: { $in: [...ids] } })).map(toBooking);
    },
    /** Of one pupil on one day. */
    async ofDay(studentId: string, date: SchoolDate): Promise<Booking[]> {
      return ofDays.all([dayOf({ studentId, date })]);
    },
    /** Reads days at once that will be asked for one after the other. */
    async readAhead(days: readonly Pick<Booking, 'studentId' | 'date'>[]): Promise<void> {
      await ofDays.all(days.map(dayOf));
    },
    /** Of these pupils in a span of days, whatever their state, by pupil, day and meal. */
    async between(studentIds: readonly string[], { firstDay, lastDay, meal }: Span): Promise<Booking[]> {
      const date = lastDay === undefined ? { $gte: firstDay } : { $gte: firstDay, $lte: lastDay };
      const filter = { studentId: { $in: [...studentIds] }, date, ...(meal !== undefined && { meal }) };
      return (await collection.find(filter, { sort: { studentId: 1, date: 1, meal: 1 } })).map(toBooking);
    },
    /** The next ones of a span by pupil, day and meal; `after` is the key of the last one before, or empty. */
    async next({ firstDay, lastDay, meal }: Span, { after, size }: PageRequest): Promise<Booking[]> {
      const [studentId = '', date = '', lastMeal = ''] = after.split(':');
      const past = [
        { studentId: { $gt: studentId } },
        { studentId, date: { $gt: date } },
        { studentId, date, meal: { $gt: lastMeal as Meal } },
      ];
      const days = lastDay === undefined ? { $gte: firstDay } : { $gte: firstDay, $lte: lastDay };
      // With this bound the index scan begins where the last chunk ended.
      const further = after === '' ? {} : { studentId: { $gte: studentId }, $or: past };
      const filter = { date: days, ...(meal !== undefined && { meal }), ...further };
      return (await collection.find(filter, { sort: { studentId: 1, date: 1, meal: 1 }, limit: size })).map(toBooking);
    },
    /** Of one pupil by day and meal; `after` is the key of the last one of the page before. */
    async listOfPupil(studentId: string, { firstDay, lastDay }: Span, { after, size }: PageRequest): Promise<Page<Booking>> {
      const [date = '', meal = ''] = after.split(':');
      const further = after === '' ? {} : { $or: [{ date: { $gt: date } }, { date, meal: { $gt: meal as Meal } }] };
      const filter = { studentId, date: { $gte: firstDay, ...(lastDay !== undefined && { $lte: lastDay }) }, ...further };
      const found = await collection.find(filter, { sort: { date: 1, meal: 1 }, limit: size + 1 });
      return toPage(found.map(toBooking), size, ({ date: on, meal: which }) => `${on}:${which}`);
    },
    /** Of one day by pupil and meal. */
    async listOfDay(date: SchoolDate, { after, size }: PageRequest): Promise<Page<Booking>> {
      const [studentId = '', meal = ''] = after.split(':');
      const further = after === '' ? {} : { $or: [{ studentId: { $gt: studentId } }, { studentId, meal: { $gt: meal as Meal } }] };
      const found = await collection.find({ date, ...further }, { sort: { studentId: 1, meal: 1 }, limit: size + 1 });
      return toPage(found.map(toBooking), size, ({ studentId: id, meal: which }) => `${id}:${which}`);
    },
    insert(booking: Booking): void {
      ofDays.forget(dayOf(booking));
      collection.insert(toDoc(booking));
    },
    save(booking: Booking): void {
      ofDays.forget(dayOf(booking));
      collection.replace(toDoc(booking));
    },
    reprice({ id, price, ...booking }: Booking): void {
      ofDays.forget(dayOf(booking));
      collection.update({ _id: id }, { $set: { price: price.minorUnits } });
    },
  };
}
