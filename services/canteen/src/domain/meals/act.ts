import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import type { Actor } from '../rights.ts';
import type { Act, Booking } from './booking.ts';
import type { Cause } from './change.ts';
import type { Meal } from './meal.ts';
import { isAfterCutoff, type Order, type TooLate } from './order.ts';

type Where = { readonly date: SchoolDate; readonly meal: Meal };
export type ActRefused =
  | TooLate
  | ({ readonly code: 'CUT_FOR_ABSENCE' } & Where)
  | ({ readonly code: 'REASON_MISSING' } & Where)
  | ({ readonly code: 'CLOSED_THAT_DAY' } & Where);

/** What an order does to a booking; undefined where it has nothing to do. */
export type Doing = { readonly act: Act; readonly cause: Cause } | undefined;

type ActContext = { readonly order: Order; readonly actor: Actor; readonly now: Date; readonly openFrom: SchoolDate };

/** A parent cancels until the cut-off, the office also later: then the portion stays on the bill, unless the school was told in time. */
export function cancelling(booking: Booking, { order, actor, now, openFrom }: ActContext): Result<Doing, TooLate> {
  const { subject: by, scope } = actor;
  const after = isAfterCutoff(booking, { now, asParent: scope === 'CHILDREN', openFrom });
  if (!after.ok) return after;
  const { id, note, reportedAt = now } = order;
  const reason = scope === 'CHILDREN' ? 'GUARDIAN' : 'OFFICE';
  return ok({ act: { id, does: 'CANCEL', reason, at: now, reportedAt, by, note }, cause: { reason: 'OFFICE', reportedAt } });
}

/**
 * A parent restores a meal until the cut-off, but not in spite of an absence: that ends in attendance. The office and the kitchen can at
 * any time, and give the reason after the cut-off.
 */
export function restoring(booking: Booking, { order, actor, now, openFrom }: ActContext): Result<Doing, ActRefused> {
  const { date, meal, state } = booking;
  if (state.status === 'BOOKED') return ok(undefined);
  const asParent = actor.scope === 'CHILDREN';
  const after = isAfterCutoff(booking, { now, asParent, openFrom });
  if (!after.ok) return after;
  if (state.reason === 'NO_SCHOOL') return err({ code: 'CLOSED_THAT_DAY', date, meal });
  if (asParent && state.reason === 'ABSENT') return err({ code: 'CUT_FOR_ABSENCE', date, meal });
  if (after.value && order.note === '') return err({ code: 'REASON_MISSING', date, meal });
  const reason = asParent ? 'GUARDIAN' : 'OFFICE';
  const { id, note } = order;
  return ok({ act: { id, does: 'RESTORE', reason, at: now, by: actor.subject, note }, cause: { reason, reportedAt: now } });
}
