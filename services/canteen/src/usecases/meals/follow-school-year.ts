import { type Ok, ok, schoolDateOf } from '@schoolbell/kernel';
import type { SchoolYear } from '../../domain/meals/calendar.ts';
import { startWalk } from '../../domain/meals/walk.ts';
import type { CanteenTx } from '../../tx.ts';

/**
 * event SchoolYearDefined: the newest calendar of each year is kept. Meals on days that became free are cancelled by the clock, and plans
 * are laid out anew, which books what is missing.
 */
export async function followSchoolYear(
  tx: CanteenTx,
  { year, version }: { readonly year: SchoolYear; readonly version: number },
): Promise<Ok<'followed'>> {
  const firstDay = schoolDateOf(year.announcedAt);
  tx.years.follow(year, version);
  tx.walks.insert(startWalk({ id: tx.newId(), why: 'CALENDAR', meal: undefined, firstDay, lastDay: undefined }, tx.now));
  tx.plans.lookAgain(tx.now, { fromTheBeginning: true });
  return ok('followed');
}
