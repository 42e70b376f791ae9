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

/** What one event of registry said of a pupil's staying. */
export type Stay = { readonly version: number; readonly leftOn: SchoolDate | undefined; readonly at: Date };

/** With everything that was said of the pupil's staying, in any order. */
export type KnownPupil = Pupil & { readonly stays: readonly Stay[] };

export type PupilRefused =
  | { readonly code: 'STUDENT_UNKNOWN'; readonly studentId: string }
  | ({ readonly code: 'STUDENT_LEFT'; readonly leftOn: SchoolDate } & Named);

/** How a refusal says which pupil: who may see the name finds it by the id, and a text that is logged on its way holds none. */
export type Named = { readonly studentId: string; readonly className: string };

/** Whether the pupil is at the school on `date`. */
export function atSchool<P extends Pupil>(pupil: P | undefined, studentId: string, date: SchoolDate): Result<P, PupilRefused> {
  if (!pupil) return err({ code: 'STUDENT_UNKNOWN', studentId });
  const { leftOn, className } = pupil;
  return leftOn !== undefined && leftOn < date ? err({ code: 'STUDENT_LEFT', studentId, leftOn, className }) : ok(pupil);
}

/** The pupil with one more event of registry: the newest says who and where, all of them say since when. */
export function withStay(known: KnownPupil, told: Pupil, stay: Stay): KnownPupil {
  const isNewest = known.stays.every(({ version }) => version < stay.version);
  const stays = known.stays.some(({ version }) => version === stay.version) ? known.stays : [...known.stays, stay];
  return { ...(isNewest ? told : known), stays };
}

/**
 * Whether the pupil is at the school no more, as to a meal of `date`, and when that was told: a pure function of the set of all that was
 * said. Who comes back after the day is over was not there on it, so what was cut for the leaving stays so; the office can put that right.
 */
export function leavingTold(
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
