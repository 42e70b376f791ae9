import { err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { schoolOn } from '../domain/calendar.ts';
import { type AbsenceCount, type AbsentHalfDay, countAbsences as count } from '../domain/counting.ts';
import type { PupilRefused } from '../domain/pupil.ts';
import { type Actor, mayActForPupil, type NotYours } from '../domain/rights.ts';
import type { AttendanceTx } from '../tx.ts';

export interface CountQuestion {
  readonly studentId: string;
  /** Today where it is left out. */
  readonly until: SchoolDate | undefined;
  readonly actor: Actor;
}

export interface Counted {
  readonly schoolYear: string;
  readonly absences: readonly AbsentHalfDay[];
  readonly counts: readonly AbsenceCount[];
}

export type CountRefused =
  | NotYours
  | Extract<PupilRefused, { readonly code: 'STUDENT_UNKNOWN' }>
  | { readonly code: 'OUTSIDE_SCHOOL_YEAR'; readonly date: SchoolDate };

/** rpc CountAbsences: the absent half-days of the school year so far, by every rule in force. */
export async function countAbsences(tx: AttendanceTx, { studentId, until, actor }: CountQuestion): Promise<Result<Counted, CountRefused>> {
  const today = schoolDateOf(tx.now);
  const pupil = await tx.students.find(studentId);
  const allowed = mayActForPupil(await tx.authority.of(actor), { studentId, classId: pupil?.classId, today });
  if (!allowed.ok) return allowed;
  if (!pupil) return err({ code: 'STUDENT_UNKNOWN', studentId, student: studentId });
  const day = until ?? today;
  const year = await tx.years.holding(day);
  if (!year) return err({ code: 'OUTSIDE_SCHOOL_YEAR', date: day });
  // A calendar that closed a half-day counts at once, also before the walk has come to this pupil.
  const absences = (await tx.absences.ofPupil(studentId, year.firstDay, day)).filter((half) => schoolOn(year, half).ok);
  return ok({ schoolYear: year.name, absences, counts: count(absences, { day, grade: pupil.grade }) });
}
