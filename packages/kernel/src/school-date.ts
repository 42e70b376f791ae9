/**
 * A day of the school calendar, ISO 8601 ("2026-11-21"), always in Vietnam's time whatever the process's TZ says.
 * Compare two with < and >: the text sorts as the days do.
 */
export type SchoolDate = string & { readonly __schoolDate: never };

// Vietnam has had no daylight saving since 1975: a fixed offset is exact for every date the product meets.
const vietnamOffsetMs = 7 * 3_600_000;
const dayMs = 86_400_000;

/** The business day that `instant` falls on in Asia/Ho_Chi_Minh. */
export function schoolDateOf(instant: Date): SchoolDate {
  return new Date(instant.getTime() + vietnamOffsetMs).toISOString().slice(0, 10) as SchoolDate;
}

/** Reads "2026-11-21"; undefined for anything that is no real day. */
export function parseSchoolDate(text: string): SchoolDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const instant = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== text) return undefined;
  return text as SchoolDate;
}

export function addDays(date: SchoolDate, days: number): SchoolDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10) as SchoolDate;
}
