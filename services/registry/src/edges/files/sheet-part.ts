import type { Cell, Line } from '../../domain/sheet.ts';
import { enough, parseXml } from './xml.ts';

/** Strings that cells refer to by number. Readings above Japanese text (rPh) are not part of it. */
export function readSharedStrings(bytes: Uint8Array): string[] {
  const strings: string[] = [];
  let text = '';
  let inText = false;
  let inReading = false;
  parseXml(bytes, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') inReading = true;
      else if (name === 't') inText = !inReading;
    },
    text(more) {
      if (inText) text += more;
    },
    close(name) {
      if (name === 't') inText = false;
      else if (name === 'rPh') inReading = false;
      else if (name === 'si') strings.push(unescaped(text));
    },
  });
  return strings;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  text: string;
  hasFormula: boolean;
  hasValue: boolean;
}

/** Hands out the lines of a worksheet from the first on, blank ones too, until `take` answers false. */
export function readLines(bytes: Uint8Array, strings: readonly string[], take: (line: Line) => boolean): void {
  let row = 0;
  let cells: (Cell | undefined)[] = [];
  let cell: OpenCell | undefined;
  let inText = false;
  let inReading = false;
  parseXml(bytes, {
    open(name, { r, t }) {
      if (name === 'row') {
        row = rowNumber(r, row);
        cells = [];
      } else if (name === 'c') {
        const column = r === undefined ? cells.length : columnOf(r);
        cell = { column, type: t ?? 'n', text: '', hasFormula: false, hasValue: false };
      } else if (name === 'rPh') inReading = true;
      else if (name === 'f' && cell) cell.hasFormula = true;
      else if (name === 'v' || name === 't') inText = !inReading;
    },
    text(more) {
      if (!inText || !cell) return;
      cell.text += more;
      cell.hasValue = true;
    },
    close(name) {
      if (name === 'v' || name === 't') inText = false;
      else if (name === 'rPh') inReading = false;
      else if (name === 'c' && cell) {
        const held = cellOf(cell, strings);
        if (held && cell.column < mostColumns) cells[cell.column] = held;
        cell = undefined;
      } else if (name === 'row' && !take({ row, cells })) throw enough;
    },
  });
}

// ECMA-376 part 1, 18.3.1.73, and Excel's limit: a row says where it stands, or it follows the one before.
const lastRow = 1_048_576;

function rowNumber(r: string | undefined, before: number): number {
  const row = r === undefined ? before + 1 : /^\d{1,7}$/.test(r) ? Number(r) : 0;
  if (row <= before || row > lastRow) throw new Error('A row has no number of its own');
  return row;
}

// The ministry's own templates have fewer than a hundred.
const mostColumns = 1_024;

function cellOf({ type, text, hasFormula, hasValue }: OpenCell, strings: readonly string[]): Cell | undefined {
  // "" is a value when the type is a string: the formula came to nothing.
  if (hasFormula && !hasValue && type !== 'str') return { kind: 'FORMULA' };
  if (!hasValue) return undefined;
  switch (type) {
    case 's':
      return textCell(strings[Number(text)] ?? '');
    case 'n': {
      const value = Number(text);
      return Number.isFinite(value) ? { kind: 'NUMBER', value } : textCell(text);
    }
    case 'e': // "#N/A" is nobody's name.
      return undefined;
    default: // str, inlineStr, d (a date in ISO 8601), b
      return textCell(unescaped(text));
  }
}

function textCell(text: string): Cell | undefined {
  return text === '' ? undefined : { kind: 'TEXT', text };
}

/** 0 for "A7", 27 for "AB1". */
function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}

// ECMA-376 part 1, 22.9.2.19: characters that XML cannot hold, and carriage returns, are written as _x000D_.
function unescaped(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
}
