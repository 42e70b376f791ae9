import type { SchoolDate } from '@schoolbell/kernel';

/** What notification keeps of a school, a pupil and a guardian: what a message needs, and nothing else. */
export type School = { readonly id: string; readonly name: string };

export type Student = {
  readonly id: string;
  /** "1A"; empty where none is known. */
  readonly className: string;
};

/**
 * A guardian who did not ask for notices is known by id alone: name and address are not kept, and those of
 * somebody who changes their mind are erased.
 */
export type Guardian = GuardianWithContact | SilentGuardian;

export type GuardianWithContact = GuardianBase & {
  readonly wantsNotices: true;
  readonly name: string;
  readonly email: string;
  readonly language: Language;
};
export type SilentGuardian = GuardianBase & { readonly wantsNotices: false };

type GuardianBase = {
  readonly id: string;
  readonly guardianships: readonly Guardianship[];
  /** When the registry made them what they are here. */
  readonly changedAt?: Date;
};

export type Guardianship = {
  readonly studentId: string;
  /** First day on which it holds. */
  readonly from: SchoolDate;
  /** First day on which it holds no more; absent while it holds. */
  readonly until?: SchoolDate;
};

export type Language = 'vi' | 'en';

/** Vietnamese for everybody who did not ask for English. */
export function languageOf(tag: string): Language {
  return /^en\b/i.test(tag) ? 'en' : 'vi';
}

export type GuardianFacts = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly language: string;
  readonly wantsNotices: boolean;
  readonly guardianships: readonly Guardianship[];
  readonly changedAt?: Date;
};

export function guardianFrom({ id, name, email, language, wantsNotices, guardianships, changedAt }: GuardianFacts): Guardian {
  const known = changedAt === undefined ? { id, guardianships } : { id, guardianships, changedAt };
  if (!wantsNotices) return { ...known, wantsNotices };
  return { ...known, wantsNotices, name, email: isMailAddress(email) ? email : '', language: languageOf(language) };
}

export type Silence = 'CONSENT_WITHDRAWN' | 'NO_ADDRESS' | 'NOT_GUARDIAN';

/** The guardian as the one who hears of the pupil's `day`, or why nothing is to be heard. */
export function recipient(guardian: Guardian, studentId: string, day: SchoolDate): GuardianWithContact | Silence {
  if (!guardian.guardianships.some((tie) => tie.studentId === studentId && holds(tie, day))) return 'NOT_GUARDIAN';
  if (!guardian.wantsNotices) return 'CONSENT_WITHDRAWN';
  return guardian.email === '' ? 'NO_ADDRESS' : guardian;
}

function holds({ from, until }: Guardianship, day: SchoolDate): boolean {
  return from <= day && (until === undefined || day < until);
}

// One address, no list, no display name, no quoting: whatever else stands in the field would go into SMTP commands and headers.
const mailAddress = /^[^\s@<>(),:;"\\[\]\p{Cc}]+@[^\s@<>(),:;"\\[\]\p{Cc}]+\.[^\s@<>(),:;"\\[\]\p{Cc}]+$/u;
const longestAddress = 254; // RFC 5321, 4.5.3.1.3

function isMailAddress(text: string): boolean {
  return text.length <= longestAddress && mailAddress.test(text);
}
