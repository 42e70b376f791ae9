import {
  type Booking as BookingMessage,
  BookingStatus,
  CancelReason,
  Meal,
  RestoreReason,
} from '@schoolbell/contracts/school/canteen/v1/canteen';
import { type BookedMeal, CanteenEvent } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import type { OutboxEvent } from '@schoolbell/service-kit';
import type { Booking } from './domain/booking.ts';
import type { Change } from './domain/change.ts';

/** Meals were booked for one pupil, all of them in one event; those that are cut from the beginning are told of after it. */
export function mealsBooked(bookings: readonly Booking[]): OutboxEvent[] {
  const [first] = bookings;
  if (!first) return [];
  const { studentId, studentName, classId, className } = first;
  const value = { studentId, studentName, classId, className, meals: bookings.map(bookedMeal) };
  return [announce('MealsBooked', studentId, { $case: 'mealsBooked', value }), ...bookings.flatMap((booking) => cut(booking))];
}

/** What others must hear of a change: that a meal is off, that it was told too late, that it is on again. Another reason is no news. */
export function standingChanged({ before, after, restoredBy }: Change): OutboxEvent[] {
  if (before.standing.status === after.standing.status) return [];
  if (after.standing.status !== 'BOOKED') return cut(after);
  const { reason, reportedAt } = restoredBy;
  const value = {
    booking: bookingMessage(after),
    reason: RestoreReason[reason],
    reportedAt,
    before: BookingStatus[before.standing.status],
  };
  return [announce('MealRestored', after.studentId, { $case: 'mealRestored', value })];
}

function cut(booking: Booking): OutboxEvent[] {
  const { standing, studentId } = booking;
  if (standing.status === 'BOOKED') return [];
  const value = { booking: bookingMessage(booking), reason: CancelReason[standing.reason], reportedAt: standing.reportedAt };
  if (standing.status === 'CANCELLED') return [announce('MealCancelled', studentId, { $case: 'mealCancelled', value })];
  return [announce('MealCutLate', studentId, { $case: 'mealCutLate', value })];
}

/** The same shape is announced and answered, so it is made in one place. */
export function bookingMessage(booking: Booking): BookingMessage {
  const { id, studentId, studentName, classId, className, date, meal, price, standing, cutoffAt, extra, planId = '' } = booking;
  const isCut = standing.status !== 'BOOKED';
  return {
    ...{ bookingId: id, studentId, studentName, classId, className, date, cutoffAt, extra, planId },
    meal: Meal[meal],
    price: { currencyCode: price.currency, minorUnits: price.minorUnits },
    status: BookingStatus[standing.status],
    cutReason: isCut ? CancelReason[standing.reason] : CancelReason.UNSPECIFIED,
    cutReportedAt: isCut ? standing.reportedAt : undefined,
  };
}

function bookedMeal({ id, date, meal, price }: Booking): BookedMeal {
  return { bookingId: id, date, meal: Meal[meal], price: { currencyCode: price.currency, minorUnits: price.minorUnits } };
}

function announce(fact: string, key: string, event: NonNullable<CanteenEvent['event']>): OutboxEvent {
  return { type: `school.canteen.v1.${fact}`, key, payload: CanteenEvent.encode({ event }).finish() };
}
