import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';

/** A pupil as registry announced it. */
export type Pupil = {
  readonly id: string;
  readonly name: string;
  readonly classId: string;
  readonly className: string;
  /** Last day at the school; undefined while enrolled. */
  readonly leftOn: SchoolDate | undefined;
};

/** What one event of registry said of a pupil's staying. */
export type Stay = { readonly version: number; readonly leftOn: SchoolDate | undefined; readonly at: Date };

/** With everything that was said of the pupil's staying, in any order. */
export type KnownPupil = Pupil & { readonly stays: readonly Stay[] };

export type PupilRefused =
  | { readonly code: 'STUDENT_UNKNOWN'; readonly studentId: string }
  | { readonly code: 'STUDENT_LEFT'; readonly studentId: string; readonly leftOn: SchoolDate };

/** Whether the pupil is at the school on `date`. */
export function atSchool<P extends Pupil>(pupil: P | undefined, studentId: string, date: SchoolDate): Result<P, PupilRefused> {
  if (!pupil) return err({ code: 'STUDENT_UNKNOWN', studentId });
  const { leftOn } = pupil;
  return leftOn !== undefined && leftOn < date ? err({ code: 'STUDENT_LEFT', studentId, leftOn }) : ok(pupil);
}

/** The pupil with one more event of registry: the newest says who and where, all of them say since when. */
export function withStay(known: KnownPupil, told: Pupil, stay: Stay): KnownPupil {
  const isNewest = known.stays.every(({ version }) => version < stay.version);
  const stays = known.stays.some(({ version }) => version === stay.version) ? known.stays : [...known.stays, stay];
  return { ...(isNewest ? told : known), stays };
}

/** When the school was first told that the pupil is here no more on `date`, if nothing said otherwise since; undefined while the pupil is. */
export function leavingTold(stays: readonly Stay[], date: SchoolDate): Date | undefined {
  let told: Date | undefined;
  for (const { leftOn, at } of stays.toSorted((a, b) => a.version - b.version))
    told = leftOn !== undefined && leftOn < date ? (told ?? at) : undefined;
  return told;
}
