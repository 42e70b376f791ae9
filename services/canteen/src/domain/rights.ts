import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';

/** Who acts: the office or the kitchen for the whole school, a parent for own children. */
export type Actor = { readonly subject: string; readonly scope: 'SCHOOL' | 'CHILDREN' };

/** A guardian as registry announced it; `id` is the subject of a parent's token. */
export type Guardian = { readonly id: string; readonly guardianships: readonly Guardianship[] };
export type Guardianship = { readonly studentId: string; readonly validFrom: SchoolDate; readonly validUntil: SchoolDate | undefined };

export type NotYours = { readonly code: 'NOT_YOUR_CHILD'; readonly studentId: string };

/** Who acts, with what gives a parent the right to. */
export type Authority = { readonly actor: Actor; readonly guardian: Guardian | undefined };

/** A parent must be a guardian of each pupil today: a past guardianship opens nothing. */
export function mayActFor({ actor, guardian }: Authority, studentIds: readonly string[], today: SchoolDate): Result<void, NotYours> {
  if (actor.scope === 'SCHOOL') return ok(undefined);
  const own = new Set(guardian?.guardianships.filter((tie) => holds(tie, today)).map(({ studentId }) => studentId));
  const foreign = studentIds.find((id) => !own.has(id));
  return foreign === undefined ? ok(undefined) : err({ code: 'NOT_YOUR_CHILD', studentId: foreign });
}

function holds({ validFrom, validUntil }: Guardianship, date: SchoolDate): boolean {
  return validFrom <= date && (validUntil === undefined || date < validUntil);
}
