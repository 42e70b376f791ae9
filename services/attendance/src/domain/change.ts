import type { NoSchool } from './calendar.ts';
import type { HalfDay } from './half-day.ts';
import { type CoveringLeave, isAbsent, type MarkKind, type Report, type Standing, standingOf } from './mark.ts';
import type { Pupil } from './pupil.ts';

/** What an act did to how a pupil stands in a half-day. */
export type Change = {
  readonly pupil: Pupil;
  readonly halfDay: HalfDay;
  readonly before: Told | undefined;
  readonly after: Standing | undefined;
  /** Why there is no school in the half-day any more; nobody stands in any way then. */
  readonly noSchool?: NoSchool;
};

/** How a pupil stood, as others were told; where that came from is not always known any more. */
export type Told = Pick<Standing, 'kind' | 'reportedAt'> & Partial<Pick<Standing, 'source' | 'sourceId'>>;

export type Said = { readonly reports: readonly Report[]; readonly leaves: readonly CoveringLeave[] };

/** The change between two states of what was said; nothing where the pupil stands as before. */
export function changeOf(pupil: Pupil, halfDay: HalfDay, said: { readonly before: Said; readonly after: Said }): Change | undefined {
  const before = standingOf(said.before.reports, said.before.leaves);
  const after = standingOf(said.after.reports, said.after.leaves);
  return standsAlike(before, after) ? undefined : { pupil, halfDay, before, after };
}

/**
 * Whether others must hear of a change: of every absence, of its time and of its end, and of coming late. That a pupil is present who was
 * never said to be away is what everybody expects.
 */
export function isNews({ before, after }: Change): boolean {
  return isOutOfPlace(before) || isOutOfPlace(after);
}

/** Absent or late: what others are told of. */
export function isOutOfPlace<T extends Told>(standing: T | undefined): standing is T & { readonly kind: Exclude<MarkKind, 'PRESENT'> } {
  return standing !== undefined && standing.kind !== 'PRESENT';
}

export function standsAlike(a: Told | undefined, b: Told | undefined): boolean {
  if (!a || !b) return a === b;
  return a.kind === b.kind && (!isAbsent(a.kind) || a.reportedAt.getTime() === b.reportedAt.getTime());
}
