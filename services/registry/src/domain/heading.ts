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
  const needed = keys.filter((key) => columns[key].needed);
  const sheet: Folded<K> = { texts: lines.map(({ cells }) => Array.from(cells, foldCell)), names: namesOf(columns, keys) };
  let missing = needed;
  for (let end = 1; end <= lines.length; end++) {
    for (let height = 1; height <= Math.min(tallest, end); height++) {
      const at = matchColumns(sheet, end - height, end);
      const lacking = needed.filter((key) => !at.has(key));
      if (lacking.length === 0) return { found: true, at, lines: end + numberLines(lines, end) };
      if (lacking.length < missing.length) missing = lacking;
    }
  }
  return { found: false, missing: missing.map((key) => columns[key].title) };
}

interface Folded<K> {
  /** By line and column. */
  readonly texts: readonly (readonly string[])[];
  /** What each name means; a title is better than another name for it. */
  readonly names: ReadonlyMap<string, { readonly key: K; readonly rank: number }>;
}

function foldCell(cell: Line['cells'][number]): string {
  return cell ? foldHeading(textOf(cell)) : '';
}

function namesOf<K extends string>(columns: Columns<K>, keys: readonly K[]): Folded<K>['names'] {
  return new Map(
    keys.flatMap((key) => [columns[key].title, ...(columns[key].alsoCalled ?? [])].map((name, rank) => [foldHeading(name), { key, rank }])),
  );
}

interface Candidate {
  readonly column: number;
  readonly rank: number;
  readonly ofParents: boolean;
}

function matchColumns<K extends string>({ texts, names }: Folded<K>, from: number, to: number): Map<K, number> {
  const width = Math.max(...texts.slice(from, to).map((line) => line.length));
  const best = new Map<K, Candidate>();
  for (let column = 0; column < width; column++) {
    for (const { text, top } of readings(texts, from, to, column)) {
      const meant = names.get(text);
      if (!meant) continue;
      const candidate = { column, rank: meant.rank, ofParents: isOfParents(texts, top, column) };
      if (isBetter(candidate, best.get(meant.key))) best.set(meant.key, candidate);
    }
  }
  return new Map([...best].map(([key, { column }]) => [key, column]));
}

/** Each cell of the column, and what the cells make when read on over the lines. */
function readings(texts: Folded<unknown>['texts'], from: number, to: number, column: number): { text: string; top: number }[] {
  const found: { text: string; top: number }[] = [];
  for (let top = from; top < to; top++) {
    let text = texts[top]?.[column] ?? '';
    if (text === '') continue;
    found.push({ text, top });
    for (let below = top + 1; below < to; below++) {
      const more = texts[below]?.[column] ?? '';
      if (more === '') continue;
      text += ` ${more}`;
      found.push({ text, top });
    }
  }
  return found;
}

function isBetter(candidate: Candidate, than: Candidate | undefined): boolean {
  if (!than) return true;
  if (candidate.ofParents !== than.ofParents) return !candidate.ofParents;
  return candidate.rank < than.rank;
}

const parents = /(^| )(cha|me|bo|giam ho|phu huynh|nguoi than)( |$)/;

/** Under "Thông tin mẹ" there may be a second "Họ tên": the group above, which stands in its first column only, tells them apart. */
function isOfParents(texts: Folded<unknown>['texts'], top: number, column: number): boolean {
  for (let above = top - 1; above >= Math.max(0, top - tallest); above--) {
    const group = texts[above]?.slice(0, column + 1).findLast((text) => text !== '');
    if (group !== undefined && parents.test(group)) return true;
  }
  return false;
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
