import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import type { SchoolYear } from '../domain/calendar.ts';
import type { AttendanceTx } from '../tx.ts';

export type YearUnknown = { readonly code: 'OUTSIDE_SCHOOL_YEAR'; readonly date: SchoolDate };

/** rpc GetSchoolYear */
export async function getSchoolYear(tx: AttendanceTx, date: SchoolDate): Promise<Result<SchoolYear, YearUnknown>> {
  const year = await tx.years.holding(date);
  return year ? ok(year) : err({ code: 'OUTSIDE_SCHOOL_YEAR', date });
}
