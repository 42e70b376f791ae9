import { err, isUuid, ok, type Result } from '@schoolbell/kernel';
import type { Pupil } from '../domain/pupil.ts';
import type { AttendanceTx } from '../tx.ts';

export type StudentRefused = { readonly code: 'STUDENT_ID_MALFORMED' };

/** events StudentEnrolled, StudentChanged, StudentLeft: the newest is kept, and every class the pupil was ever in. */
export async function followStudent(
  tx: AttendanceTx,
  { student, version }: { readonly student: Pupil; readonly version: number },
): Promise<Result<void, StudentRefused>> {
  if (!isUuid(student.id)) return err({ code: 'STUDENT_ID_MALFORMED' });
  tx.students.follow(student, version);
  return ok(undefined);
}
