import { err, ok, type Result } from '@schoolbell/kernel';
import { grant, type LunchSupport, type SupportRefused } from '../../domain/meals/support.ts';
import type { BillingTx } from '../../tx.ts';

export type GrantRefused = SupportRefused | { readonly code: 'STUDENT_UNKNOWN'; readonly studentId: string };

/** Days gone by are credited by the clock like those to come. */
export async function grantLunchSupport(
  tx: BillingTx,
  wanted: Omit<LunchSupport, 'settledUntil'>,
): Promise<Result<LunchSupport, GrantRefused>> {
  const { id, studentId } = wanted;
  const earlier = await tx.supports.find(id);
  const student = await tx.students.find(studentId);
  if (!earlier && !student) return err({ code: 'STUDENT_UNKNOWN', studentId });
  const granted = grant(earlier, wanted, await tx.supports.ofStudents([studentId]));
  if (!granted.ok || granted.value === earlier) return granted;
  tx.supports.insert(granted.value);
  return ok(granted.value);
}
