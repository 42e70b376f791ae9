import { err, ok, type Result } from '@schoolbell/kernel';
import { type AssignmentRefused, assign, type ClassTeacher } from '../domain/rights.ts';
import type { AttendanceTx } from '../tx.ts';

export type AssignRefused = AssignmentRefused | { readonly code: 'CLASS_UNKNOWN'; readonly classId: string };

/** rpc AssignClassTeacher */
export async function assignClassTeacher(tx: AttendanceTx, wanted: ClassTeacher): Promise<Result<ClassTeacher, AssignRefused>> {
  const assigned = assign(wanted);
  if (!assigned.ok) return assigned;
  const [pupil] = await tx.students.ofClass(wanted.classId);
  if (!pupil) return err({ code: 'CLASS_UNKNOWN', classId: wanted.classId });
  tx.teachers.keep(wanted, tx.newId());
  return ok(wanted);
}
