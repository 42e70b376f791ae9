export type FindingLevel = 'INFO' | 'WARNING' | 'ERROR';

/** How grave each finding is. A row with an error is not taken in; the others are. */
const levels = {
  TEMPORARY_ID: 'INFO',
  LEADING_ZERO_LOST: 'WARNING',
  PERSON_NUMBER_SEX_DIFFERS: 'WARNING',
  PERSON_NUMBER_BIRTH_YEAR_DIFFERS: 'WARNING',
  PERSON_NUMBER_MISSING: 'WARNING',
  BIRTH_DATE_IMPOSSIBLE: 'ERROR',
  NAME_MISSING: 'ERROR',
  NAME_TOO_LONG: 'ERROR',
  PERSON_NUMBER_MALFORMED: 'ERROR',
  CLASS_MISSING: 'ERROR',
  CLASS_TOO_LONG: 'ERROR',
  SEX_UNKNOWN: 'ERROR',
  STATE_TOO_LONG: 'ERROR',
  PUPIL_CODE_TOO_LONG: 'ERROR',
  PUPIL_CODE_TWICE: 'ERROR',
  PERSON_NUMBER_TWICE: 'ERROR',
  // Neither a pupil code nor a person number: nobody could say tomorrow whether this is the same pupil.
  IDENTITY_MISSING: 'ERROR',
  // Against what is stored: the code names one pupil, the person number another.
  IDENTITY_CONFLICT: 'ERROR',

  PUPIL_UNKNOWN: 'ERROR',
  PHONE_MALFORMED: 'WARNING',
  EMAIL_MALFORMED: 'WARNING',
  LANGUAGE_UNKNOWN: 'WARNING',
  CONSENT_UNCLEAR: 'WARNING',
  GUARDIAN_DIFFERS: 'WARNING',
  NO_WAY_TO_REACH: 'ERROR',
  // An office, not a person; or one cell copied down the whole column.
  TOO_MANY_WARDS: 'ERROR',
  TOO_MANY_GUARDIANS: 'ERROR',
} as const satisfies Record<string, FindingLevel>;

export type FindingCode = keyof typeof levels;

/** Something noticed in one row. Never a value of the row: findings are read by more people than the row itself. */
export interface Finding {
  /** Line of the sheet or file; 1 is its first. */
  readonly row: number;
  readonly code: FindingCode;
}

export function levelOf(code: FindingCode): FindingLevel {
  return levels[code];
}

export function isError({ code }: Finding): boolean {
  return levels[code] === 'ERROR';
}

/** By row, and within a row in the order of the table above, so that the order of the work does not show. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => a.row - b.row || rank(a.code) - rank(b.code));
}

const ranks = new Map(Object.keys(levels).map((code, rank) => [code, rank]));

function rank(code: FindingCode): number {
  return ranks.get(code) ?? 0;
}
