import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';

/** Who acts: the office for the whole school, a teacher for own classes, a parent for own children. */
export type Actor = { readonly subject: string; readonly scope: 'SCHOOL' | 'CLASSES' | 'CHILDREN' };

/** A teacher answers for a class from `validFrom` until the day before `validUntil`. */
export type ClassTeacher = {
  readonly classId: string;
  readonly subject: string;
  readonly validFrom: SchoolDate;
  readonly validUntil: SchoolDate | undefined;
};

/** A guardian as registry announced it; `id` is the subject of a parent's token. */
export type Guardian = { readonly id: string; readonly guardianships: readonly Guardianship[] };
export type Guardianship = { readonly studentId: string; readonly validFrom: SchoolDate; readonly validUntil: SchoolDate | undefined };

export type AssignmentRefused = { readonly code: 'ASSIGNMENT_ENDS_TOO_EARLY'; readonly validFrom: SchoolDate };
export type NotYours =
  | { readonly code: 'NOT_YOUR_CLASS'; readonly classId: string }
  | { readonly code: 'NOT_YOUR_CHILD'; readonly studentId: string };

type Holding = { readonly validFrom: SchoolDate; readonly validUntil: SchoolDate | undefined };

function holds({ validFrom, validUntil }: Holding, date: SchoolDate): boolean {
  return validFrom <= date && (validUntil === undefined || date < validUntil);
}

/** Who acts, with what gives the right to: assignments of a teacher, guardianships of a parent. */
export type Authority = { readonly actor: Actor; readonly assignments: readonly ClassTeacher[]; readonly guardian: Guardian | undefined };

type OfClass = { readonly classId: string; readonly date: SchoolDate };

export function mayActForClass({ actor, assignments }: Authority, { classId, date }: OfClass): Result<void, NotYours> {
  if (actor.scope === 'SCHOOL') return ok(undefined);
  const own = actor.scope === 'CLASSES' && assignments.some((one) => one.classId === classId && holds(one, date));
  return own ? ok(undefined) : err({ code: 'NOT_YOUR_CLASS', classId });
}

type OfPupil = { readonly studentId: string; readonly classId: string | undefined; readonly today: SchoolDate };

/** A parent must be a guardian today: a past guardianship opens nothing. A teacher must have the pupil's class today. */
export function mayActForPupil(authority: Authority, { studentId, classId = '', today }: OfPupil): Result<void, NotYours> {
  const { actor, guardian } = authority;
  if (actor.scope !== 'CHILDREN') return mayActForClass(authority, { classId, date: today });
  const own = guardian?.guardianships.some((one) => one.studentId === studentId && holds(one, today)) ?? false;
  return own ? ok(undefined) : err({ code: 'NOT_YOUR_CHILD', studentId });
}

export function assign(wanted: ClassTeacher): Result<ClassTeacher, AssignmentRefused> {
  const { validFrom, validUntil } = wanted;
  return validUntil !== undefined && validUntil < validFrom ? err({ code: 'ASSIGNMENT_ENDS_TOO_EARLY', validFrom }) : ok(wanted);
}
