/** Text as people mean it: Unicode NFC, no invisible characters, single spaces, none at the ends. */
export function tidy(text: string): string {
  return text.normalize('NFC').replace(invisible, '').replace(/\s+/gu, ' ').trim();
}

/** For comparing: tidy and lower case. "Chuyển  Đi" and "chuyển đi" are one. */
export function fold(text: string): string {
  return tidy(text).toLowerCase();
}

/** For names of columns: folded, without accents, without what stands in brackets, without marks such as "(*)" and "dd/mm/yyyy". */
export function foldHeading(text: string): string {
  return fold(text)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('đ', 'd')
    .replace(/\([^)]*\)|\[[^\]]*\]/gu, ' ')
    .replace(/\bdd\W?mm\W?yyyy\b/gu, ' ')
    .replace(/[^\p{L}\p{N}/]+/gu, ' ')
    .trim();
}

/**
 * Characters that a value of a file may have. What is longer was never meant: a page pasted into one cell, which would not fit the
 * event that tells of it.
 */
export const longest = { name: 200, className: 50, state: 100, pupilCode: 50, email: 254 } as const;

// Soft hyphen, zero-width space and joiners, direction marks, word joiner, byte order mark: they survive copying and cannot be seen.
const invisible = /[\u00ad\u200b-\u200f\u2060\ufeff]/gu;
