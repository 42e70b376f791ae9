import type { FindingCode } from './finding.ts';
import { type Cell, isBlank, textOf } from './sheet.ts';

export type Sex = 'FEMALE' | 'MALE';

/** The 12 digits of a "số định danh cá nhân": 3 for the place, 1 for century and sex, 2 for the birth year, 6 at random. */
export function isPersonNumber(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** What the 12 digits say of their bearer: even is male, and each pair of digits is a century from the 20th on. */
export function meaningOf(personNumber: string): { readonly sex: Sex; readonly birthYear: number } {
  const digit = Number(personNumber[3]);
  return {
    sex: digit % 2 === 0 ? 'MALE' : 'FEMALE',
    birthYear: 1900 + 100 * Math.floor(digit / 2) + Number(personNumber.slice(4, 6)),
  };
}

/** What the rest of the row says; absent where the row does not say it. */
export interface Bearer {
  readonly sex?: Sex | undefined;
  readonly birthYear?: number | undefined;
}

export interface PersonNumberRead {
  readonly personNumber?: string;
  readonly findings: readonly FindingCode[];
}

/** Reads the cell and compares it with its row. Differences are warnings: adopted and corrected people exist. */
export function readPersonNumber(cell: Cell | undefined, bearer: Bearer): PersonNumberRead {
  if (isBlank(cell)) return { findings: ['PERSON_NUMBER_MISSING'] };
  const digits = textOf(cell).replaceAll(' ', '');
  if (isPersonNumber(digits)) return { personNumber: digits, findings: differences(digits, bearer) };
  const restored = cell?.kind === 'NUMBER' ? withLostZeros(digits, bearer) : undefined;
  if (restored === undefined) return { findings: ['PERSON_NUMBER_MALFORMED'] };
  return { personNumber: restored, findings: ['LEADING_ZERO_LOST', ...differences(restored, bearer)] };
}

/**
 * A number cell has no leading zeros. One of them can only be a place below 100, which is every place in Vietnam. Two are
 * Hanoi and its neighbours (001 to 009), but a torn number looks the same, so the row must bear it out.
 */
function withLostZeros(digits: string, bearer: Bearer): string | undefined {
  if (/^[1-9]\d{10}$/.test(digits)) return `0${digits}`;
  if (!/^[1-9]\d{9}$/.test(digits) || bearer.sex === undefined || bearer.birthYear === undefined) return undefined;
  const restored = `00${digits}`;
  return differences(restored, bearer).length === 0 ? restored : undefined;
}

function differences(personNumber: string, bearer: Bearer): FindingCode[] {
  const { sex, birthYear } = meaningOf(personNumber);
  const findings: FindingCode[] = [];
  if (bearer.sex !== undefined && bearer.sex !== sex) findings.push('PERSON_NUMBER_SEX_DIFFERS');
  if (bearer.birthYear !== undefined && bearer.birthYear !== birthYear) findings.push('PERSON_NUMBER_BIRTH_YEAR_DIFFERS');
  return findings;
}
