import { err, isUuid, ok, type Result } from '@schoolbell/kernel';
import type { Student } from '../../domain/invoices/invoice-run.ts';
import { refundDueOn } from '../../domain/payments/refund.ts';
import type { BillingTx } from '../../tx.ts';

export type StudentRefused = { readonly code: 'STUDENT_ID_MALFORMED' };

/**
 * Takes over what registry announced of a pupil, unless something newer is known. Invoices keep the name they were issued with. Whether
 * one who left has money with the school is looked at soon, and again later: credits may come behind.
 */
export async function followStudent(
  tx: BillingTx,
  { student, version }: { student: Student; version: number },
): Promise<Result<void, StudentRefused>> {
  if (!isUuid(student.id)) return err({ code: 'STUDENT_ID_MALFORMED' });
  tx.students.follow(student, version);
  const { id: studentId, enrolled, leftOn } = student;
  if (!enrolled && leftOn !== undefined) {
    const first = { leaving: version, part: 1, since: tx.now, status: 'WATCHED', requestedAt: undefined, checkAt: tx.now } as const;
    tx.refunds.watch({ id: tx.newId(), studentId, leftOn, dueOn: refundDueOn(leftOn), ...first });
  }
  return ok(undefined);
}
