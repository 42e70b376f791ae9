import { ok, type Result } from '@schoolbell/kernel';
import { type IdentityConflict, identify, type KnownPupils } from './identity.ts';
import { type RosterChange, type TakeOver, takeOverRow } from './pupil.ts';
import type { RosterRow } from './roster.ts';

export type RowTakenOver = RosterChange & {
  /** Whom the row means. */
  readonly studentId: string;
  /** Person number to be kept with the pupil: new, or corrected. */
  readonly personNumber?: string;
};

/** What one row of a roster comes to, against what is known now. Taken over twice, the second time is unchanged. */
export function takeOver(row: RosterRow, known: KnownPupils, how: TakeOver): Result<RowTakenOver, IdentityConflict> {
  const identified = identify(row, known);
  if (!identified.ok) return identified;
  const { pupil, personNumber } = identified.value;
  const change = takeOverRow(row, pupil, how);
  const number = personNumber === undefined ? {} : { personNumber };
  const studentId = change.count === 'unchanged' ? (pupil?.id ?? '') : change.pupil.id;
  return ok({ ...change, studentId, ...number });
}
