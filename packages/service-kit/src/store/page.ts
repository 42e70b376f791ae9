/** Where a list goes on, and how many rows it answers with; `after` is the sort key of the row before, '' for the first page. */
export interface PageRequest {
  readonly size: number;
  readonly after: string;
}

/** Part of a list; `next` is the sort key of its last row while there is more. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | undefined;
}

/** Cuts the one row that was read too many, which tells that there is more. */
export function toPage<Row>(rows: readonly Row[], size: number, keyOf: (row: Row) => string): Page<Row> {
  if (rows.length <= size) return { rows, next: undefined };
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  return { rows: shown, next: last && keyOf(last) };
}
