import { fold } from './text.ts';

export type Language = 'vi' | 'en';
export type Relation = 'MOTHER' | 'FATHER' | 'GRANDPARENT' | 'OTHER';

/** How a list names a pupil: by the code, or, while there is none, by the person number inside `TAM-`. */
export type PupilName = { readonly code: string } | { readonly personNumber: string };

/** One guardian as the list states them, over all their rows. */
export interface StatedGuardian {
  readonly key: string;
  readonly fullName: string;
  readonly phone?: string;
  readonly email?: string;
  readonly language: Language;
  readonly wantsNotices: boolean;
  readonly ties: readonly StatedTie[];
}
export interface StatedTie {
  /** Lines that say so; more than one where a list repeats itself. */
  readonly rows: readonly number[];
  readonly pupil: PupilName;
  readonly relation: Relation;
}

/** A pupil of the list: guardians that are not among these are guardians no more. */
export interface StatedPupil {
  readonly pupil: PupilName;
  readonly guardianKeys: readonly string[];
  /** Every row of the pupil could be read. A typing error must not end a guardianship. */
  readonly whole: boolean;
}

/** "79000701000001", or "TAM-" and the person number. Holds what it must not: for maps only, never for logs or documents. */
export function nameKey(pupil: PupilName): string {
  return 'code' in pupil ? pupil.code : `TAM-${pupil.personNumber}`;
}

/** The same phone and the same name are the same person; without a phone, the same address. Families share phones, and namesakes are many. */
export function guardianKey({
  fullName,
  phone,
  email,
}: {
  fullName: string;
  phone?: string | undefined;
  email?: string | undefined;
}): string {
  return `${phone ?? email?.toLowerCase() ?? ''} ${fold(fullName)}`;
}
