/** Part of a list; `next` is the sort key of its last row while there is more. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | undefined;
}

/** Cuts the one row that was read too many, which tells that there is more. */
export function toPage<T>(rows: readonly T[], size: number, keyOf: (row: T) => string): Page<T> {
  if (rows.length <= size) return { rows, next: undefined };
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  return { rows: shown, next: last && keyOf(last) };
}
