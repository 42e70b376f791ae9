import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';

/** Who acts: the office for the whole school, a teacher for own classes. */
export type Actor = { readonly subject: string; readonly scope: 'SCHOOL' | 'CLASSES' };

/** A teacher answers for a class from `from` until the day before `until`. */
export type ClassTeacher = {
  readonly classId: string;
  /** Subject of the teacher's token. */
  readonly subject: string;
  readonly from: SchoolDate;
  readonly until?: SchoolDate;
};

export type NotYourClass = { readonly code: 'NOT_YOUR_CLASS'; readonly classId: string };

type OfClass = { readonly classId: string; readonly date: SchoolDate };

export function mayActForClass(
  { subject, scope }: Actor,
  assignments: readonly ClassTeacher[],
  { classId, date }: OfClass,
): Result<void, NotYourClass> {
  const holds = (one: ClassTeacher) =>
    one.subject === subject && one.classId === classId && one.from <= date && (one.until === undefined || date < one.until);
  return scope === 'SCHOOL' || assignments.some(holds) ? ok(undefined) : err({ code: 'NOT_YOUR_CLASS', classId });
}
