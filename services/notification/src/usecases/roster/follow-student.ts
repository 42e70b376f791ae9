import { type Ok, ok } from '@schoolbell/kernel';
import type { Student } from '../../domain/roster/roster.ts';
import type { NotificationTx } from '../../tx.ts';

/** events StudentEnrolled, StudentChanged, StudentLeft: money that comes after a pupil left is told too. */
export async function followStudent(
  tx: NotificationTx,
  { student, version }: { student: Student; version: number },
): Promise<Ok<'followed'>> {
  tx.students.follow(student, version);
  return ok('followed');
}
