import { err, ok, type Result } from '@schoolbell/kernel';
import type { Pupil } from './pupil.ts';
import type { RosterRow } from './roster.ts';

/** The pupils whom some rows may mean, found by what the rows say. */
export interface KnownPupils {
  readonly byCode: ReadonlyMap<string, Pupil>;
  readonly byPersonNumber: ReadonlyMap<string, Pupil>;
  /** Person numbers by the ids of those pupils. */
  readonly personNumberOf: ReadonlyMap<string, string>;
}

export interface Identified {
  /** Absent for a new pupil. */
  readonly pupil?: Pupil;
  /** To be kept with the pupil, because it is new or corrected. */
  readonly personNumber?: string;
}

export type IdentityConflict = { readonly code: 'IDENTITY_CONFLICT' };

/**
 * Whom a row means: by the code, else by the person number. A pupil known by the number alone is the one whose code has come.
 * Where the two name different pupils, a person has to decide.
 */
export function identify(row: RosterRow, known: KnownPupils): Result<Identified, IdentityConflict> {
  const byCode = row.code === undefined ? undefined : known.byCode.get(row.code);
  const byNumber = row.personNumber === undefined ? undefined : known.byPersonNumber.get(row.personNumber);
  if (byCode && byNumber && byCode.id !== byNumber.id) return err({ code: 'IDENTITY_CONFLICT' });
  if (!byCode && row.code !== undefined && byNumber?.code !== undefined) return err({ code: 'IDENTITY_CONFLICT' });
  const pupil = byCode ?? byNumber;
  const stored = pupil ? known.personNumberOf.get(pupil.id) : undefined;
  const personNumber = row.personNumber !== stored ? row.personNumber : undefined;
  return ok({ ...(pupil ? { pupil } : {}), ...(personNumber === undefined ? {} : { personNumber }) });
}
