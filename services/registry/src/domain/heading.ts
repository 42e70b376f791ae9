import { type Line, textOf } from './sheet.ts';
import { foldHeading } from './text.ts';

/** A column that is looked for: its title as people know it, and how else it is written. */
export interface Column {
  readonly title: string;
  readonly alsoCalled?: readonly string[];
  /** Without it the file is refused. */
  readonly needed: boolean;
}
export type Columns<K extends string> = Readonly<Record<K, Column>>;

export type Heading<K extends string> =
  | { readonly found: true; readonly at: ReadonlyMap<K, number> /** How many of `lines` the heading ends with. */; readonly lines: number }
  | { readonly found: false /** Titles of the needed columns that the best line lacks. */; readonly missing: readonly string[] };

// A group line, a name line and a line of hints or numbers; more has not been met.
const tallest = 4;

/**
 * Finds the heading by what it says, wherever it stands: it may span several lines, with names merged over them, groups
 * above and numbers below.
 */
export function findHeading<K extends string>(lines: readonly Line[], columns: Columns<K>): Heading<K> {
  const keys = Object.keys(columns) as K[];
  const names = new Map(keys.map((key) => [key, [columns[key].title, ...(columns[key].alsoCalled ?? [])].map(foldHeading)]));
  const needed = keys.filter((key) => columns[key].needed);
  let missing = needed;
  for (let end = 1; end <= lines.length; end++) {
    for (let height = 1; height <= Math.min(tallest, end); height++) {
      const at = matchColumns(lines, end - height, end, names);
      const lacking = needed.filter((key) => !at.has(key));
      if (lacking.length === 0) return { found: true, at, lines: end + numberLines(lines, end) };
      if (lacking.length < missing.length) missing = lacking;
    }
  }
  return { found: false, missing: missing.map((key) => columns[key].title) };
}

interface Candidate {
  readonly column: number;
  /** Where in the list of names the match stands: the title itself is better than another name for it. */
  readonly rank: number;
  readonly ofParents: boolean;
}

function matchColumns<K extends string>(
  lines: readonly Line[],
  from: number,
  to: number,
  names: ReadonlyMap<K, readonly string[]>,
): Map<K, number> {
  const width = Math.max(...lines.slice(from, to).map(({ cells }) => cells.length));
  const best = new Map<K, Candidate>();
  for (let column = 0; column < width; column++) {
    for (const { text, top } of textsOf(lines, from, to, column)) {
      for (const [key, known] of names) {
        const rank = known.indexOf(text);
        if (rank < 0) continue;
        const candidate = { column, rank, ofParents: isOfParents(lines, top, column) };
        if (isBetter(candidate, best.get(key))) best.set(key, candidate);
      }
    }
  }
  return new Map([...best].map(([key, { column }]) => [key, column]));
}

/** Each cell of the column, and what the cells make when read on over the lines. */
function textsOf(lines: readonly Line[], from: number, to: number, column: number): { text: string; top: number }[] {
  const texts: { text: string; top: number }[] = [];
  for (let top = from; top < to; top++) {
    if (headingText(lines, top, column) === '') continue;
    for (let bottom = top + 1; bottom <= to; bottom++) {
      const parts = Array.from({ length: bottom - top }, (_, i) => textOf(lines[top + i]?.cells[column]));
      texts.push({ text: foldHeading(parts.join(' ')), top });
    }
  }
  return texts;
}

function isBetter(candidate: Candidate, than: Candidate | undefined): boolean {
  if (!than) return true;
  if (candidate.ofParents !== than.ofParents) return !candidate.ofParents;
  return candidate.rank < than.rank;
}

const parents = /(^| )(cha|me|bo|giam ho|phu huynh|nguoi than)( |$)/;

/** Under "Thông tin mẹ" there may be a second "Họ tên": the group above, which stands in its first column only, tells them apart. */
function isOfParents(lines: readonly Line[], top: number, column: number): boolean {
  for (let above = top - 1; above >= Math.max(0, top - tallest); above--) {
    for (let left = column; left >= 0; left--) {
      const group = headingText(lines, above, left);
      if (group === '') continue;
      if (parents.test(group)) return true;
      break;
    }
  }
  return false;
}

function headingText(lines: readonly Line[], index: number, column: number): string {
  return foldHeading(textOf(lines[index]?.cells[column]));
}

/** A line of "(1) (2) (3)" or "A B C" below the names belongs to the heading. */
function numberLines(lines: readonly Line[], from: number): number {
  let count = 0;
  while (isNumberLine(lines[from + count])) count++;
  return count;
}

function isNumberLine(line: Line | undefined): boolean {
  const texts = (line?.cells ?? []).map(textOf).filter((text) => text !== '');
  return texts.length >= 3 && texts.every((text) => /^[([]?([a-z]|\d{1,2})[)\]]?$/i.test(text));
}
