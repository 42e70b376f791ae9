import type { Row } from './bench.ts';

/** The rows as a table for people. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.name,
    row.what,
    row.floor === undefined ? '' : figure(row.floor),
    figure(row.subject),
    row.unit,
    row.ratio ? `${row.ratio.median.toFixed(2)} (${row.ratio.low.toFixed(2)}–${row.ratio.high.toFixed(2)})` : '',
    row.must,
    row.passed ? 'yes' : 'NO',
    row.invariants,
  ]);
  const all = [['', 'what', 'floor', 'subject', 'unit', 'ratio (95 %)', 'must', 'met', 'invariants'], ...cells];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
