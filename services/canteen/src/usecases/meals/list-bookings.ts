import { ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import type { Booking } from '../../domain/meals/booking.ts';
import { type Actor, mayActFor, type NotYours } from '../../domain/rights.ts';
import type { CanteenTx, Page, PageRequest } from '../../tx.ts';

/** Of a pupil in a month ("2026-11"), or of everybody on a day. */
export interface BookingQuestion {
  readonly studentId: string | undefined;
  readonly month: string | undefined;
  readonly date: SchoolDate | undefined;
  readonly page: PageRequest;
  readonly actor: Actor;
}

/** rpc ListBookings: a parent sees own children only, and so never a day. */
export async function listBookings(
  tx: CanteenTx,
  { studentId, month, date, page, actor }: BookingQuestion,
): Promise<Result<Page<Booking>, NotYours>> {
  const today = schoolDateOf(tx.now);
  const allowed = mayActFor(await tx.authority.of(actor), [studentId ?? ''], today);
  if (!allowed.ok) return allowed;
  if (studentId === undefined) return ok(await tx.bookings.listOfDay(date ?? today, page));
  const days = `${month ?? today.slice(0, 7)}-`;
  const [firstDay, lastDay] = [`${days}01` as SchoolDate, `${days}31` as SchoolDate];
  return ok(await tx.bookings.listOfPupil(studentId, { firstDay, lastDay }, page));
}
