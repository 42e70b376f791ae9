import { err, ok, type Result } from '@schoolbell/kernel';
import { type AssignmentRefused, assign, type ClassTeacher } from '../domain/rights.ts';
import { classTeacherAssigned } from '../events.ts';
import type { AttendanceTx } from '../tx.ts';

export type AssignRefused = AssignmentRefused | { readonly code: 'CLASS_UNKNOWN'; readonly classId: string };

/** rpc AssignClassTeacher: a new assignment, or a new end of one. */
export async function assignClassTeacher(tx: AttendanceTx, wanted: ClassTeacher): Promise<Result<ClassTeacher, AssignRefused>> {
  const assigned = assign(wanted);
  if (!assigned.ok) return assigned;
  const [pupil] = await tx.students.ofClass(wanted.classId);
  if (!pupil) return err({ code: 'CLASS_UNKNOWN', classId: wanted.classId });
  const earlier = await tx.teachers.find(wanted);
  if (earlier && earlier.validUntil === wanted.validUntil) return ok(earlier); // Said before, so nobody needs to hear it again.

  tx.teachers.keep(wanted, tx.newId());
  tx.emit(classTeacherAssigned(wanted));
  return ok(wanted);
}
