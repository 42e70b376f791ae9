import { addDays, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { monthsOf } from '../../domain/meals/meal.ts';
import type { BillingTx } from '../../tx.ts';

// A fact about today's lunch that is being written at midnight is committed a minute later at most. Whoever is written down after that
// knows that the day is over, and asks for the reckoning itself.
const restMs = 600_000;

/** Has the lunches of days that are over reckoned, of at most `limit` rights. Answers whether there may be more. */
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
