import { err, isUuid, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import { type AttendanceFact, withFact } from '../../domain/meals/attendance.ts';
import { reassess } from '../../domain/meals/change.ts';
import { statusChanged } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

export type AttendanceRefused = { readonly code: 'STUDENT_ID_MALFORMED' };

export interface AttendanceReport {
  readonly studentId: string;
  readonly date: SchoolDate;
  readonly fact: AttendanceFact;
}

/**
 * events StudentMarkedAbsent, StudentMarkedPresent, StudentMarkedLate, StudentExpectedAgain: keeps what they say, and assesses
 * the meals of the day again. A pupil or meal that is not known yet finds it later.
 */
export async function followAttendance(
  tx: CanteenTx,
  { studentId, date, fact }: AttendanceReport,
): Promise<Result<void, AttendanceRefused>> {
  if (!isUuid(studentId)) return err({ code: 'STUDENT_ID_MALFORMED' });
  const before = await tx.attendance.open(studentId, date);
  const after = withFact(before, fact);
  if (after === before) return ok(undefined);
  tx.lockRows.lock(studentId);
  tx.attendance.keep(after);
  const looking = { attendance: after.facts, cause: { reason: 'PRESENT', reportedAt: fact.reportedAt }, now: tx.now } as const;
  for (const booking of await tx.bookings.ofDay(studentId, date)) {
    const change = reassess(booking, {}, looking);
    if (!change) continue;
    tx.bookings.save(change.after);
    for (const event of statusChanged(change)) tx.emit(event);
  }
  return ok(undefined);
}
