import { err, isUuid, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { earlier } from '../../domain/clock-time.ts';
import type { Booking } from '../../domain/meals/booking.ts';
import { reassess } from '../../domain/meals/change.ts';
import { type KnownPupil, leavingFor, type Pupil, withStay } from '../../domain/roster/pupil.ts';
import { statusChanged } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

export type StudentRefused = { readonly code: 'STUDENT_ID_MALFORMED' };

export interface AnnouncedStudent {
  readonly student: Pupil;
  readonly version: number;
  /** When registry announced it. */
  readonly at: Date;
}

/**
 * events StudentEnrolled, StudentChanged, StudentLeft: keeps the newest. Cancels the meals after the last day of a pupil who left; for one
 * who is back it restores those whose cut-off was to come then. A change of name or class reaches the meals from today on.
 */
export async function followStudent(tx: CanteenTx, { student, version, at }: AnnouncedStudent): Promise<Result<void, StudentRefused>> {
  if (!isUuid(student.id)) return err({ code: 'STUDENT_ID_MALFORMED' });
  const before = await tx.students.find(student.id);
  tx.students.follow(student, { version, at });
  // Nothing can be booked for a pupil who is not known.
  if (!before) return ok(undefined);
  const after = withStay(before, student, { version, leftOn: student.leftOn, at });
  if (after.leftOn === undefined && before.leftOn !== undefined) {
    tx.plans.lookAgain(tx.now, { studentId: student.id, fromTheBeginning: true });
  }
  await followInMeals(tx, after, at);
  return ok(undefined);
}

async function followInMeals(tx: CanteenTx, pupil: KnownPupil, at: Date): Promise<void> {
  const { id, stays } = pupil;
  const today = schoolDateOf(tx.now);
  tx.lockRows.lock(id);
  const firstDay = stays.flatMap(({ leftOn }) => leftOn ?? []).reduce(earlier, today);
  for (const booking of await tx.bookings.between([id], { firstDay, lastDay: undefined })) {
    const facts: Partial<Booking> = { left: leavingFor(stays, booking), ...(booking.date >= today && nameAndClass(pupil)) };
    if (!differs(booking, facts)) continue;
    const attendance = await factsOf(tx, id, booking.date);
    const change = reassess(booking, facts, { attendance, cause: { reason: 'ENROLLED', reportedAt: at }, now: tx.now });
    if (!change) continue;
    tx.bookings.save(change.after);
    for (const event of statusChanged(change)) tx.emit(event);
  }
}

function nameAndClass({ name: studentName, classId, className }: Pupil): Pick<Booking, 'studentName' | 'classId' | 'className'> {
  return { studentName, classId, className };
}

function differs(booking: Booking, facts: Partial<Booking>): boolean {
  const text = ({ studentName, classId, className, left }: Booking) =>
    [studentName, classId, className, left?.reportedAt.getTime(), left?.since.getTime(), left?.hereSince?.getTime()].join('\n');
  return text(booking) !== text({ ...booking, ...facts });
}

async function factsOf(tx: CanteenTx, studentId: string, date: SchoolDate) {
  return (await tx.attendance.open(studentId, date)).facts;
}
