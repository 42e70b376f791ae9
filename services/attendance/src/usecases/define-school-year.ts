import { ok, type Result } from '@schoolbell/kernel';
import { defineYear, type SchoolYear, type YearRefused } from '../domain/calendar.ts';
import { startWalk } from '../domain/calendar-walk.ts';
import { schoolYearDefined } from '../events.ts';
import type { AttendanceTx } from '../tx.ts';

/** rpc DefineSchoolYear: a new version of a year's calendar. How pupils stand in half-days that it opens or closes is told by the clock. */
export async function defineSchoolYear(
  tx: AttendanceTx,
  { year, by }: { readonly year: SchoolYear; readonly by: string },
): Promise<Result<SchoolYear, YearRefused>> {
  const earlier = await tx.years.find(year.id);
  const current = await tx.years.current();
  const defined = defineYear(earlier, year, current);
  if (!defined.ok || earlier) return defined;
  const before = current.find(({ name }) => name === year.name);
  const walk = before && startWalk(before, year, tx.now);
  if (walk) tx.walks.insert(walk);
  tx.years.layDown(year, { by, at: tx.now });
  tx.emit(schoolYearDefined(year, tx.schoolId));
  return ok(year);
}
