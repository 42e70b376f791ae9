import { err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { type Away, cameBack, wentAway } from '../meals/away.ts';

/** A pupil as registry announced it. */
export type Pupil = {
  readonly id: string;
  readonly name: string;
  readonly classId: string;
  readonly className: string;
  /** Last day at the school; undefined while enrolled. */
  readonly leftOn: SchoolDate | undefined;
};

/** What one event of registry says about the pupil's enrolment. */
export type Stay = { readonly version: number; readonly leftOn: SchoolDate | undefined; readonly at: Date };

/** With everything that registry announced about the pupil's enrolment, in any order. */
export type KnownPupil = Pupil & { readonly stays: readonly Stay[] };

export type PupilRefused =
  | { readonly code: 'STUDENT_UNKNOWN'; readonly studentId: string }
  | ({ readonly code: 'STUDENT_LEFT'; readonly leftOn: SchoolDate } & Named);

/** How a refusal names a pupil: by id and class, since its text may be logged on its way and must hold no name. */
export type Named = { readonly studentId: string; readonly className: string };

/** Whether the pupil is at the school on `date`. */
export function atSchool<P extends Pupil>(pupil: P | undefined, studentId: string, date: SchoolDate): Result<P, PupilRefused> {
  if (!pupil) return err({ code: 'STUDENT_UNKNOWN', studentId });
  const { leftOn, className } = pupil;
  return leftOn !== undefined && leftOn < date ? err({ code: 'STUDENT_LEFT', studentId, leftOn, className }) : ok(pupil);
}

/** The pupil with one more event of registry: the newest gives name and class, all of them give the enrolment. */
export function withStay(known: KnownPupil, announced: Pupil, stay: Stay): KnownPupil {
  const isNewest = known.stays.every(({ version }) => version < stay.version);
  const stays = known.stays.some(({ version }) => version === stay.version) ? known.stays : [...known.stays, stay];
  return { ...(isNewest ? announced : known), stays };
}

/**
 * Whether the pupil has left the school as to a meal of `date`, and when that was announced: a pure function of the set of events. A pupil
 * who comes back after the day is over was not there on it, so the cut stays; the office can restore the meal.
 */
export function leavingFor(
  stays: readonly Stay[],
  { date, cutoffAt }: { readonly date: SchoolDate; readonly cutoffAt: Date },
): Away | undefined {
  let away: Away | undefined;
  for (const { leftOn, at } of stays.toSorted((a, b) => a.version - b.version)) {
    if (leftOn !== undefined && leftOn < date) away = wentAway(away, at);
    else if (schoolDateOf(at) <= date) away = cameBack(away, at, cutoffAt);
  }
  return away;
}
