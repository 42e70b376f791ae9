import { type Columns, findHeading, type Heading } from './heading.ts';
import { type Cell, isBlank, type Line } from './sheet.ts';

/** One line below the heading, by the meaning of its columns. */
export interface TableLine<K extends string> {
  readonly row: number;
  readonly cells: Readonly<Partial<Record<K, Cell>>>;
}

export type Table<K extends string> =
  | { readonly found: false; readonly missing: readonly string[] }
  | {
      readonly found: true;
      readonly lines: readonly TableLine<K>[];
      /** The sheet went on after the last line that is read. */
      readonly cutOff: boolean;
    };

export interface TableReader<K extends string> {
  /** Takes the next line, blank ones too. False: nothing that follows will be looked at. */
  take(line: Line): boolean;
  close(): Table<K>;
}

/** The heading must be found among so many lines that hold something. */
const headLines = 60;
/** Lines of one sheet, blank ones included: many more than the pupils that are taken in, few enough to be read at once. */
export const mostLines = 50_000;

/** Reads one sheet line by line and keeps only the columns that are looked for, so that a wide sheet costs no more than a narrow one. */
export function openTable<K extends string>(columns: Columns<K>): TableReader<K> {
  const head: Line[] = [];
  const lines: TableLine<K>[] = [];
  let heading: Heading<K> | undefined;
  let count = 0;
  let cutOff = false;

  const settle = (): void => {
    heading = findHeading(head, columns);
    if (!heading.found) return;
    for (const line of head.slice(heading.lines)) keep(line, heading.at);
  };
  const keep = (line: Line, at: ReadonlyMap<K, number>): void => {
    const cells: Partial<Record<K, Cell>> = {};
    for (const [key, column] of at) {
      const cell = line.cells[column];
      if (cell && !isBlank(cell)) cells[key] = cell;
    }
    if (Object.keys(cells).length > 0) lines.push({ row: line.row, cells });
  };
  return {
    take(line) {
      if (++count > mostLines) {
        cutOff = true;
        return false;
      }
      if (line.cells.every(isBlank)) return true;
      if (heading?.found) keep(line, heading.at);
      else if (head.push(line) === headLines) settle();
      return heading?.found !== false;
    },
    close() {
      if (!heading) settle();
      return heading?.found ? { found: true, lines, cutOff } : { found: false, missing: heading?.missing ?? [] };
    },
  };
}
