import { kitchenSees } from '../kitchen/kitchen-view.ts';
import type { AttendanceFact } from './attendance.ts';
import { type Booking, type RestoreReason, type Standing, standingOf } from './booking.ts';
import { sameDiet } from './diet.ts';

/** What became of a booking; `restoredBy` is named where it is on again because of it. */
export type Change = { readonly before: Booking; readonly after: Booking; readonly restoredBy: Cause };

/** Why the booking is looked at anew, and when the school was told of that. */
export type Cause = { readonly reason: RestoreReason; readonly reportedAt: Date };

export type Looking = { readonly attendance: readonly AttendanceFact[]; readonly cause: Cause; readonly now: Date };

/** The booking with new facts, as it stands by all of them; undefined where nothing differs. */
export function lookAnew(before: Booking, facts: Partial<Booking>, { attendance, cause, now }: Looking): Change | undefined {
  const known = { ...before, ...facts };
  const standing = standingOf(known, attendance);
  const kitchen = kitchenSees(before, { ...known, standing }, { now, reportedAt: cause.reportedAt });
  const after: Booking = { ...known, standing, kitchen };
  return isSame(before, after) ? undefined : { before, after, restoredBy: cause };
}

/** A new booking, which may be cut from the beginning: the facts may have come before it. */
export function book(wanted: Omit<Booking, 'standing' | 'kitchen'>, attendance: readonly AttendanceFact[], now: Date): Booking {
  const standing = standingOf(wanted, attendance);
  return { ...wanted, standing, kitchen: kitchenSees(undefined, { ...wanted, standing }, { now, reportedAt: wanted.bookedAt }) };
}

function isSame(before: Booking, after: Booking): boolean {
  return (
    sameStanding(before.standing, after.standing) &&
    sameDiet(before.diet, after.diet) &&
    before.acts.length === after.acts.length &&
    textOf(before) === textOf(after)
  );
}

function textOf({ studentName, classId, className, halfDayRule, sessions, planId, price, kitchen, ...booking }: Booking): string {
  const { told, since, hereSince: backSince } = booking.left ?? {};
  const times = [booking.cutoffAt, booking.noSchoolToldAt, told, since, backSince].map((time) => time?.getTime());
  const late = kitchen.lateChanges.map(({ kind, heardAt }) => `${kind} ${heardAt.getTime()}`);
  const view = [kitchen.portion, kitchen.toldPortion, kitchen.toldDiet, ...late];
  return [studentName, classId, className, halfDayRule, sessions, planId, price.minorUnits, ...times, ...view].join('\n');
}

function sameStanding(a: Standing, b: Standing): boolean {
  if (a.status === 'BOOKED' || b.status === 'BOOKED') return a.status === b.status;
  const hereSince = (standing: Standing) => (standing.status === 'CANCELLED' ? standing.hereSince?.getTime() : undefined);
  return (
    a.status === b.status && a.reason === b.reason && a.reportedAt.getTime() === b.reportedAt.getTime() && hereSince(a) === hereSince(b)
  );
}
