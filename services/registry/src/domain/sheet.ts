import { tidy } from './text.ts';

/** One cell that holds something. A formula is here only when the file does not say what it came to. */
export type Cell =
  | { readonly kind: 'TEXT'; readonly text: string }
  | { readonly kind: 'NUMBER'; readonly value: number }
  | { readonly kind: 'FORMULA' };

/** One line of a sheet or of a CSV file. */
export interface Line {
  /** 1 is the first line. */
  readonly row: number;
  /** By column, 0 is the first; what is empty is absent. */
  readonly cells: readonly (Cell | undefined)[];
}

/** What the cell shows, tidied; a number without grouping. Empty for an empty cell. */
export function textOf(cell: Cell | undefined): string {
  if (cell?.kind === 'TEXT') return tidy(cell.text);
  if (cell?.kind === 'NUMBER') return String(cell.value);
  return '';
}

/** True for a cell that says nothing: absent, or spaces only. */
export function isBlank(cell: Cell | undefined): boolean {
  return cell?.kind !== 'FORMULA' && textOf(cell) === '';
}
