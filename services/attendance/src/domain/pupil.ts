import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';

/** A pupil as registry announced it. */
export type Pupil = {
  readonly id: string;
  readonly name: string;
  readonly classId: string;
  readonly className: string;
  /** 0 where the class name starts with no number. */
  readonly grade: number;
  /** Last day at the school; undefined while enrolled. */
  readonly leftOn: SchoolDate | undefined;
};

/** Also every class the pupil was ever in: a device that was offline may still call a roll of before the move. */
export type KnownPupil = Pupil & { readonly classIds: readonly string[] };

export type PupilRefused =
  | { readonly code: 'STUDENT_UNKNOWN'; readonly studentId: string }
  | { readonly code: 'STUDENT_LEFT'; readonly studentId: string; readonly leftOn: SchoolDate };

export type NotInClass = { readonly code: 'STUDENT_NOT_IN_CLASS'; readonly studentId: string; readonly classId: string };

/** Whether the pupil was at the school on `date`. */
export function atSchool<P extends Pupil>(pupil: P | undefined, studentId: string, date: SchoolDate): Result<P, PupilRefused> {
  if (!pupil) return err({ code: 'STUDENT_UNKNOWN', studentId });
  const { leftOn } = pupil;
  return leftOn !== undefined && leftOn < date ? err({ code: 'STUDENT_LEFT', studentId, leftOn }) : ok(pupil);
}

export function inClass(pupil: KnownPupil, classId: string): Result<KnownPupil, NotInClass> {
  return pupil.classIds.includes(classId) ? ok(pupil) : err({ code: 'STUDENT_NOT_IN_CLASS', studentId: pupil.id, classId });
}
