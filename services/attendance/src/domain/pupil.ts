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

/** In which class registry said the pupil is, since when; `version` is that of the event that said so. */
export type Membership = { readonly classId: string; readonly since: SchoolDate; readonly version: number };

export type KnownPupil = Pupil & {
  /** Every class the pupil was ever in. */
  readonly classIds: readonly string[];
  /** In any order. */
  readonly memberships: readonly Membership[];
};

/** `student` says which pupil, by the place in the list that was sent and the id: texts of refusals may be logged on their way, so they hold no name. */
export type PupilRefused =
  | { readonly code: 'STUDENT_UNKNOWN'; readonly studentId: string; readonly student: string }
  | { readonly code: 'STUDENT_LEFT'; readonly studentId: string; readonly student: string; readonly leftOn: SchoolDate };

export type NotInClass =
  | { readonly code: 'STUDENT_NOT_IN_CLASS'; readonly studentId: string; readonly student: string; readonly className: string }
  | {
      readonly code: 'STUDENT_MOVED';
      readonly studentId: string;
      readonly student: string;
      readonly className: string;
      readonly since: SchoolDate;
    };

/** A pupil who is named somewhere, with the place in a list where there is one. */
export type Named = { readonly studentId: string; readonly place?: number };

/** Whether the pupil was at the school on `date`. */
export function atSchool<P extends KnownPupil>(pupil: P | undefined, named: Named, date: SchoolDate): Result<P, PupilRefused> {
  const { studentId } = named;
  if (!pupil) return err({ code: 'STUDENT_UNKNOWN', studentId, student: labelOf(named) });
  const { leftOn } = pupil;
  const left = leftOn !== undefined && leftOn < date;
  return left ? err({ code: 'STUDENT_LEFT', studentId, student: labelOf(named), leftOn }) : ok(pupil);
}

/**
 * Whether the class may mark the pupil on `date`: the class of now at any time, since lists come later than moves; one of before up to the
 * day of the move, on which the pupil may have sat in either.
 */
export function inClass(pupil: KnownPupil, { classId, date, named }: MarkingClass): Result<KnownPupil, NotInClass> {
  const { id: studentId, className } = pupil;
  if (!pupil.classIds.includes(classId)) return err({ code: 'STUDENT_NOT_IN_CLASS', studentId, student: labelOf(named), className });
  const inOrder = byVersion(pupil);
  const ends = inOrder.flatMap(({ classId: one }, nth) => (one === classId ? [inOrder[nth + 1]?.since] : []));
  // A class that was known before moves were dated is one of before the first that is.
  const [first] = inOrder;
  const until = ends.length > 0 ? ends : [first?.since];
  if (until.some((since) => since === undefined || date <= since)) return ok(pupil);
  return err({ code: 'STUDENT_MOVED', studentId, student: labelOf(named), className, since: until.at(-1) ?? date });
}

type MarkingClass = { readonly classId: string; readonly date: SchoolDate; readonly named: Named };

/** The class that the pupil was in at the end of `date`, or the first one known. */
export function classOn(pupil: KnownPupil, date: SchoolDate): string {
  const inOrder = byVersion(pupil);
  const held = inOrder.findLast(({ since }) => since <= date) ?? inOrder[0];
  return held?.classId ?? pupil.classId;
}

/** "#7 (0199b3f2-...)", or the id alone where there is no list. */
export function labelOf({ studentId, place }: Named): string {
  return place === undefined ? studentId : `#${place} (${studentId})`;
}

function byVersion({ memberships }: KnownPupil): Membership[] {
  return memberships.toSorted((a, b) => a.version - b.version);
}
