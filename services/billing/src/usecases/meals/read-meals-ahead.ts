import type { SchoolDate } from '@schoolbell/kernel';
import { monthOf } from '../../domain/meals/meal.ts';
import type { BillingTx } from '../../tx.ts';

/** What an event that comes next is about. */
export interface MealsAhead {
  readonly studentId: string;
  readonly dates: readonly SchoolDate[];
  /** Whether it may move the pupil's credit. */
  readonly money: boolean;
}

/** Reads what many events need at once, so that each of them reads nothing by itself: a morning's cuts come by the hundred. */
export async function readMealsAhead(tx: BillingTx, ahead: readonly MealsAhead[]): Promise<void> {
  await tx.mealMonths.find(ahead.flatMap(({ studentId, dates }) => dates.map((date) => ({ studentId, month: monthOf(date) }))));
  await tx.ledger.credits([...new Set(ahead.flatMap(({ studentId, money }) => (money ? [studentId] : [])))]);
}
