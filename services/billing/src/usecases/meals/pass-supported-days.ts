import { addDays, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { monthsOf } from '../../domain/meals/meal.ts';
import type { BillingTx } from '../../tx.ts';

// A transaction that changes today's lunch at midnight commits a minute later at most. One that begins after midnight sees that the day
// is over, and marks the month itself.
const restMs = 600_000;

/** Marks the months whose days are over to have their support computed, for at most `limit` rights. Answers whether there may be more. */
export async function passSupportedDays(tx: BillingTx, limit: number): Promise<boolean> {
  const today = schoolDateOf(new Date(tx.now.getTime() - restMs));
  const rights = await tx.supports.unsettled(today, limit);
  const places = rights.flatMap(({ studentId, settledUntil, effectiveUntil }) =>
    monthsOf(settledUntil, addDays(earlier(today, effectiveUntil), -1)).map((month) => ({ studentId, month })),
  );
  tx.mealMonths.recheck(places);
  for (const right of rights) tx.supports.settled(right, today);
  return rights.length === limit;
}

function earlier(day: SchoolDate, other: SchoolDate | undefined): SchoolDate {
  return other !== undefined && other < day ? other : day;
}
