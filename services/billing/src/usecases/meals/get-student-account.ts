import { err, type Money, ok, type Result, zero } from '@schoolbell/kernel';
import type { Month } from '../../domain/meals/meal.ts';
import type { Portion } from '../../domain/meals/portion.ts';
import type { BillingTx } from '../../tx.ts';

export type StudentAccount = { readonly balance: Money; readonly portions: readonly Portion[] };
export type AccountNotFound = { readonly code: 'STUDENT_NOT_FOUND'; readonly studentId: string };

/** Run it in a transaction: balance and meals must be of one moment. */
export async function getStudentAccount(
  tx: BillingTx,
  { studentId, month }: { studentId: string; month: Month },
): Promise<Result<StudentAccount, AccountNotFound>> {
  const student = await tx.students.find(studentId);
  const [meals] = await tx.mealMonths.find([{ studentId, month }]);
  // Canteen may speak of a pupil before registry does.
  if (!student && !meals) return err({ code: 'STUDENT_NOT_FOUND', studentId });
  const balance = (await tx.ledger.credits([studentId])).get(studentId) ?? zero;
  const portions = [...(meals?.portions ?? [])].sort((a, b) => (`${a.date} ${a.bookingId}` < `${b.date} ${b.bookingId}` ? -1 : 1));
  return ok({ balance, portions });
}
