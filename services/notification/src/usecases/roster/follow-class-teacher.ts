import { type Ok, ok } from '@schoolbell/kernel';
import type { ClassTeacher } from '../../domain/rights.ts';
import type { NotificationTx } from '../../tx.ts';

/** event ClassTeacherAssigned: who may confirm and hold back the alerts of a class. */
export async function followClassTeacher(
  tx: NotificationTx,
  { assignment, version }: { assignment: ClassTeacher; version: number },
): Promise<Ok<'followed'>> {
  tx.classTeachers.follow(assignment, version);
  return ok('followed');
}
