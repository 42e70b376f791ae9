import type { Pupil } from '../roster/pupil.ts';
import type { Terms } from '../terms.ts';
import type { AttendanceFact } from './attendance.ts';
import type { Act, Booking } from './booking.ts';
import { book } from './change.ts';
import type { Diet } from './diet.ts';
import type { MealOfDay } from './meal.ts';

export type NewBooking = {
  readonly id: string;
  readonly pupil: Pupil;
  readonly mealOfDay: MealOfDay;
  readonly terms: Terms;
  readonly diet: Diet;
  /** What attendance has announced of the pupil and day so far. */
  readonly attendance: readonly AttendanceFact[];
  readonly planId?: string;
  /** The office's act that gives a portion after the cut-off. */
  readonly extraBy?: Act & { readonly does: 'RESTORE' };
};

export function newBooking({ id, pupil, mealOfDay, terms, diet, attendance, planId, extraBy }: NewBooking, now: Date): Booking {
  const { id: studentId, name: studentName, classId, className } = pupil;
  const facts = { acts: extraBy ? [extraBy] : [], left: undefined, noSchoolReportedAt: undefined };
  const who = { studentId, studentName, classId, className };
  return book({ id, ...who, ...mealOfDay, ...terms, ...facts, diet, planId, extra: extraBy !== undefined, bookedAt: now }, attendance, now);
}
