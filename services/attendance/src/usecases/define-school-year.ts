import { ok, type Result } from '@schoolbell/kernel';
import { defineYear, type SchoolYear, type YearRefused } from '../domain/calendar.ts';
import { schoolYearDefined } from '../events.ts';
import type { AttendanceTx } from '../tx.ts';

/** rpc DefineSchoolYear: a new version of a year's calendar. Marks that were given before stay as they are. */
export async function defineSchoolYear(
  tx: AttendanceTx,
  { year, by }: { readonly year: SchoolYear; readonly by: string },
): Promise<Result<SchoolYear, YearRefused>> {
  const earlier = await tx.years.find(year.id);
  const defined = defineYear(earlier, year, await tx.years.current());
  if (!defined.ok || earlier) return defined;
  tx.years.layDown(year, { by, at: tx.now });
  tx.emit(schoolYearDefined(year, tx.schoolId));
  return ok(year);
}
