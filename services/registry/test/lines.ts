import type { Cell, Line } from '../src/domain/sheet.ts';

export type Value = string | number | undefined | { readonly formula: true };

/** Lines as a reader hands them over; the first is row 1. */
export function linesOf(table: readonly (readonly Value[])[]): Line[] {
  return table.map((cells, i) => ({ row: i + 1, cells: cells.map(cellOf) }));
}

export function cellOf(value: Value): Cell | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'object') return { kind: 'FORMULA' };
  return typeof value === 'number' ? { kind: 'NUMBER', value } : { kind: 'TEXT', text: value };
}
