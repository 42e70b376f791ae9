import type { SchoolDate } from '@schoolbell/kernel';

/** The instant of a clock time ("07:30") of a day in Vietnam. */
export function instantOf(date: SchoolDate, clock: string): Date {
  return new Date(`${date}T${clock}:00+07:00`);
}

/** ISO: 1 is Monday, 7 Sunday. */
export function weekdayOf(date: SchoolDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

export function earlier<D extends string | Date>(a: D, b: D): D {
  if (b < a) return b;
  return a;
}

export function later<D extends string | Date>(a: D, b: D): D {
  if (b > a) return b;
  return a;
}
