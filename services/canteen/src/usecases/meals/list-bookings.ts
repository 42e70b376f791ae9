import { ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import type { Booking } from '../../domain/meals/booking.ts';
import { type Actor, mayActFor, type NotYours } from '../../domain/rights.ts';
import type { CanteenTx, Page } from '../../tx.ts';

/** Of a pupil and month ("2026-11"), or of a day. */
export type BookingQuestion = (
  | { readonly studentId: string; readonly month: string | undefined }
  | { readonly studentId: undefined; readonly date: SchoolDate | undefined }
) & { readonly page: { readonly after: string; readonly size: number }; readonly actor: Actor };

/** rpc ListBookings: a parent sees own children only, and so never a day. */
export async function listBookings(tx: CanteenTx, question: BookingQuestion): Promise<Result<Page<Booking>, NotYours>> {
  const today = schoolDateOf(tx.now);
  const allowed = mayActFor(await tx.authority.of(question.actor), [question.studentId ?? ''], today);
  if (!allowed.ok) return allowed;
  if (question.studentId === undefined) return ok(await tx.bookings.listOfDay(question.date ?? today, question.page));
  const month = question.month ?? today.slice(0, 7);
  const firstDay = `${month}-01` as SchoolDate;
  const lastDay = `${month}-31` as SchoolDate;
  return ok(await tx.bookings.listOfPupil(question.studentId, { firstDay, lastDay }, question.page));
}
