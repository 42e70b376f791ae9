import { type Ok, ok } from '@schoolbell/kernel';
import type { SchoolYear } from '../../domain/calendar.ts';
import type { CanteenTx } from '../../tx.ts';

/** event SchoolYearDefined: the newest calendar of each year is kept. */
export async function followSchoolYear(
  tx: CanteenTx,
  { year, version }: { readonly year: SchoolYear; readonly version: number },
): Promise<Ok<'followed'>> {
  tx.years.follow(year, version);
  return ok('followed');
}
