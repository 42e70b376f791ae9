import { err, ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import { firstToCome, schoolHalfDays } from '../domain/calendar.ts';
import { isBefore } from '../domain/half-day.ts';
import { type LeaveRequest, withdraw } from '../domain/leave.ts';
import { changesByLeave, openHalves, rollCallIdsOf, rollCallsFor } from '../domain/leave-marks.ts';
import { type Actor, mayActForPupil, type NotYours } from '../domain/rights.ts';
import { touched } from '../domain/roll-call.ts';
import { standingChanged } from '../events.ts';
import type { AttendanceTx } from '../tx.ts';

export type WithdrawLeaveRefused = NotYours | { readonly code: 'LEAVE_NOT_FOUND'; readonly leaveId: string };

/** rpc WithdrawLeave: the pupil is expected again from the first half-day to come; those that have begun, or were called, stay on leave. */
export async function withdrawLeave(
  tx: AttendanceTx,
  { leaveId, actor }: { readonly leaveId: string; readonly actor: Actor },
): Promise<Result<LeaveRequest, WithdrawLeaveRefused>> {
  const leave = await tx.leaves.find(leaveId);
  const pupil = leave && (await tx.students.find(leave.studentId));
  if (!leave || !pupil) return err({ code: 'LEAVE_NOT_FOUND', leaveId });
  const today = schoolDateOf(tx.now);
  const allowed = mayActForPupil(await tx.authority.of(actor), { studentId: pupil.id, classId: pupil.classId, today });
  if (!allowed.ok) return allowed;
  const from = firstToCome(await tx.years.holding(today), tx.now);
  const withdrawn = withdraw(leave, { from, now: tx.now });
  if (withdrawn === leave) return ok(leave);

  const { first, last } = leave;
  const year = await tx.years.holding(first.date);
  const halves = year ? schoolHalfDays(year, first, last).filter((half) => !isBefore(half, from)) : [];
  const open = openHalves(halves, today);
  const rollCalls = rollCallsFor(pupil, open, await tx.rollCalls.findAll(rollCallIdsOf(pupil, open)));
  const leaves = await tx.leaves.touching([pupil.id], first.date, last.date);
  const changes = changesByLeave({ pupil, halves, rollCalls, leaves }, withdrawn);

  tx.leaves.withdraw(withdrawn);
  for (const rollCall of rollCalls) tx.rollCalls.save(rollCall, touched(rollCall));
  for (const change of changes) {
    tx.absences.keep(change);
    for (const event of standingChanged(change, tx.now)) tx.emit(event);
  }
  return ok(withdrawn);
}
