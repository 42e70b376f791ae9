import { err, isUuid, ok, type Result } from '@schoolbell/kernel';
import type { Student } from '../../domain/invoice-run.ts';
import type { BillingTx } from '../../tx.ts';

export type StudentRefused = { readonly code: 'STUDENT_ID_MALFORMED' };

/** Takes over what registry announced of a pupil, unless something newer is known. Invoices keep the name they were issued with. */
export async function followStudent(
  tx: BillingTx,
  { student, version }: { student: Student; version: number },
): Promise<Result<void, StudentRefused>> {
  if (!isUuid(student.id)) return err({ code: 'STUDENT_ID_MALFORMED' });
  tx.students.follow(student, version);
  return ok(undefined);
}
