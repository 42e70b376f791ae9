import { err, isUuid, ok, type Result } from '@schoolbell/kernel';
import type { Pupil } from '../../domain/pupil.ts';
import type { CanteenTx } from '../../tx.ts';

export type StudentRefused = { readonly code: 'STUDENT_ID_MALFORMED' };

export interface StudentTold {
  readonly student: Pupil;
  readonly version: number;
  /** When registry announced it. */
  readonly at: Date;
}

/** events StudentEnrolled, StudentChanged, StudentLeft: the newest is kept. */
export async function followStudent(tx: CanteenTx, { student, version, at }: StudentTold): Promise<Result<void, StudentRefused>> {
  if (!isUuid(student.id)) return err({ code: 'STUDENT_ID_MALFORMED' });
  tx.students.follow(student, { version, at });
  return ok(undefined);
}
