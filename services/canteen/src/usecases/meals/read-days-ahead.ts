import type { AttendanceDay } from '../../domain/meals/attendance.ts';
import type { CanteenTx } from '../../tx.ts';

/** Reads what many marks need at once: a roll call announces each pupil who is away, and a morning has hundreds. */
export async function readDaysAhead(tx: CanteenTx, days: readonly Pick<AttendanceDay, 'studentId' | 'date'>[]): Promise<void> {
  if (days.length === 0) return;
  await tx.attendance.readAhead(days);
  await tx.bookings.readAhead(days);
}
