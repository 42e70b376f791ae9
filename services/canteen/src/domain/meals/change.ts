import { kitchenSees } from '../kitchen/kitchen-view.ts';
import type { AttendanceFact } from './attendance.ts';
import { type Booking, type BookingState, type RestoreReason, stateOf } from './booking.ts';
import { sameDiet } from './diet.ts';

/** What became of a booking; `restoredBy` is the cause where the meal is on again. */
export type Change = { readonly before: Booking; readonly after: Booking; readonly restoredBy: Cause };

/** Why the booking is assessed again, and when the school was told of that. */
export type Cause = { readonly reason: RestoreReason; readonly reportedAt: Date };

export type Looking = { readonly attendance: readonly AttendanceFact[]; readonly cause: Cause; readonly now: Date };

/** The booking with new facts, and its state by all of them; undefined where nothing differs. */
export function reassess(before: Booking, facts: Partial<Booking>, { attendance, cause, now }: Looking): Change | undefined {
  const known = { ...before, ...facts };
  const state = stateOf(known, attendance);
  const kitchen = kitchenSees(before, { ...known, state }, { now, reportedAt: cause.reportedAt });
  const after: Booking = { ...known, state, kitchen };
  return isSame(before, after) ? undefined : { before, after, restoredBy: cause };
}

/** A new booking, which may be cut from the beginning: the facts may have come before it. */
export function book(wanted: Omit<Booking, 'state' | 'kitchen'>, attendance: readonly AttendanceFact[], now: Date): Booking {
  const state = stateOf(wanted, attendance);
  return { ...wanted, state, kitchen: kitchenSees(undefined, { ...wanted, state }, { now, reportedAt: wanted.bookedAt }) };
}

function isSame(before: Booking, after: Booking): boolean {
  return (
    sameState(before.state, after.state) &&
    sameDiet(before.diet, after.diet) &&
    before.acts.length === after.acts.length &&
    textOf(before) === textOf(after)
  );
}

function textOf({ studentName, classId, className, halfDayRule, sessions, planId, price, kitchen, ...booking }: Booking): string {
  const { reportedAt, since, hereSince: backSince } = booking.left ?? {};
  const times = [booking.cutoffAt, booking.noSchoolReportedAt, reportedAt, since, backSince].map((time) => time?.getTime());
  const late = kitchen.lateChanges.map(({ kind, heardAt }) => `${kind} ${heardAt.getTime()}`);
  const view = [kitchen.portion, kitchen.portionAtCutoff, kitchen.dietAtCutoff, ...late];
  return [studentName, classId, className, halfDayRule, sessions, planId, price.minorUnits, ...times, ...view].join('\n');
}

function sameState(a: BookingState, b: BookingState): boolean {
  if (a.status === 'BOOKED' || b.status === 'BOOKED') return a.status === b.status;
  const hereSince = (state: BookingState) => (state.status === 'CANCELLED' ? state.hereSince?.getTime() : undefined);
  return (
    a.status === b.status && a.reason === b.reason && a.reportedAt.getTime() === b.reportedAt.getTime() && hereSince(a) === hereSince(b)
  );
}
