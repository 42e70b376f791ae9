import { err, isUuid, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import type { Pupil } from '../domain/pupil.ts';
import type { AttendanceTx } from '../tx.ts';

export type StudentRefused = { readonly code: 'STUDENT_ID_MALFORMED' };

export interface ToldStudent {
  readonly student: Pupil;
  readonly version: number;
  /** The day on which registry said so: nothing tells when a pupil really moved. */
  readonly since: SchoolDate;
}

/** events StudentEnrolled, StudentChanged, StudentLeft: the newest is kept, and every class the pupil was ever in with its day. */
export async function followStudent(tx: AttendanceTx, { student, version, since }: ToldStudent): Promise<Result<void, StudentRefused>> {
  if (!isUuid(student.id)) return err({ code: 'STUDENT_ID_MALFORMED' });
  tx.students.follow(student, { version, since });
  return ok(undefined);
}
