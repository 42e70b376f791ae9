import { err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { type NoSchool, schoolHalfDays, schoolOn } from '../domain/calendar.ts';
import { type LeaveRefused, type LeaveRequest, type LeaveWish, requestLeave as request } from '../domain/leave.ts';
import { changesByLeave, openHalves, rollCallIdsOf, rollCallsFor } from '../domain/leave-marks.ts';
import { atSchool, type PupilRefused } from '../domain/pupil.ts';
import { type Actor, mayActForPupil, type NotYours } from '../domain/rights.ts';
import { touched } from '../domain/roll-call.ts';
import { standingChanged } from '../events.ts';
import type { AttendanceTx } from '../tx.ts';

export type RequestLeaveRefused = LeaveRefused | NoSchool | NotYours | PupilRefused;

/** rpc RequestLeave: holds at once, and becomes the mark of every half-day in which nobody says otherwise. */
export async function requestLeave(
  tx: AttendanceTx,
  { wish, actor }: { readonly wish: LeaveWish; readonly actor: Actor },
): Promise<Result<LeaveRequest, RequestLeaveRefused>> {
  const { studentId, first, last } = wish;
  const today = schoolDateOf(tx.now);
  const known = await tx.students.find(studentId);
  const allowed = mayActForPupil(await tx.authority.of(actor), { studentId, classId: known?.classId, today });
  if (!allowed.ok) return allowed;
  const pupil = atSchool(known, { studentId }, last.date);
  if (!pupil.ok) return pupil;
  const earlier = await tx.leaves.find(wish.id);
  const requested = request(earlier, wish, { by: actor.subject, scope: actor.scope, now: tx.now });
  if (!requested.ok || earlier) return requested;

  const halves = await halfDays(tx, first, last);
  if (!halves.ok) return halves;
  const open = openHalves(halves.value, today);
  const rollCalls = rollCallsFor(pupil.value, open, await tx.rollCalls.findAll(rollCallIdsOf(pupil.value, open)));
  const leaves = await tx.leaves.touching([studentId], first.date, last.date);
  const changes = changesByLeave({ pupil: pupil.value, halves: halves.value, rollCalls, leaves }, requested.value);

  tx.leaves.insert(requested.value);
  // A roll that is called in this very moment has not seen the leave: writing its document makes one of the two run again.
  for (const rollCall of rollCalls) tx.rollCalls.save(rollCall, touched(rollCall));
  for (const change of changes) {
    tx.absences.keep(change);
    for (const event of standingChanged(change, tx.now)) tx.emit(event);
  }
  return requested;
}

type Span = { readonly date: SchoolDate; readonly session: 'MORNING' | 'AFTERNOON' };

async function halfDays(tx: AttendanceTx, first: Span, last: Span): Promise<Result<Span[], NoSchool>> {
  const year = await tx.years.holding(first.date);
  if (!year) return err({ code: 'OUTSIDE_SCHOOL_YEAR', date: first.date });
  if (last.date > year.lastDay) return err({ code: 'OUTSIDE_SCHOOL_YEAR', date: last.date });
  const halves = schoolHalfDays(year, first, last);
  const firstHalf = schoolOn(year, first);
  return halves.length === 0 && !firstHalf.ok ? firstHalf : ok(halves);
}
