import { type Ok, ok, schoolDateOf } from '@schoolbell/kernel';
import type { SchoolYear } from '../../domain/meals/calendar.ts';
import { startRecalculation } from '../../domain/meals/recalculation.ts';
import type { CanteenTx } from '../../tx.ts';

/**
 * event SchoolYearDefined: keeps the newest calendar of each year. The clock then cancels meals on days that became free, and lays plans
 * out again, which books what is missing.
 */
export async function followSchoolYear(
  tx: CanteenTx,
  { year, version }: { readonly year: SchoolYear; readonly version: number },
): Promise<Ok<'followed'>> {
  const firstDay = schoolDateOf(year.announcedAt);
  tx.years.follow(year, version);
  tx.recalculations.insert(startRecalculation({ id: tx.newId(), why: 'CALENDAR', meal: undefined, firstDay, lastDay: undefined }, tx.now));
  tx.plans.lookAgain(tx.now, { fromTheBeginning: true });
  return ok('followed');
}
