import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { Chapter, Sheet, SheetColumn, SheetTable } from './sheet.ts';

// Points of an A4 sheet in landscape.
const page = { width: 842, side: 28, top: 46, bottom: 34 };
const cellPadding = 2.5;
const rule = 0.5;

/** A book on paper: A4 landscape, table heads repeated on every page, every page numbered. */
export function layout(sheet: Sheet): TDocumentDefinitions {
  return {
    pageSize: 'A4',
    pageOrientation: 'landscape',
    pageMargins: [page.side, page.top, page.side, page.bottom],
    defaultStyle: { font: 'RobotoCondensed', fontSize: 8.5, lineHeight: 1.05 },
    info: { title: sheet.title, author: sheet.school },
    language: 'vi',
    header: {
      margin: [page.side, 18, page.side, 0],
      columns: [
        { text: sheet.school, bold: true },
        { text: sheet.form, alignment: 'right', italics: true },
      ],
    },
    footer: (current, count) => ({
      margin: [page.side, 8, page.side, 0],
      columns: [{ text: sheet.title }, { text: `Trang ${current}/${count}`, alignment: 'right' }],
    }),
    content: sheet.chapters.map((chapter, at) => chapterContent(sheet, chapter, at > 0)),
  };
}

function chapterContent({ title, signatures }: Sheet, { heading, facts, tables }: Chapter, onNewPage: boolean): Content {
  return {
    stack: [
      { text: title, fontSize: 13, bold: true, alignment: 'center' },
      { text: heading, fontSize: 10.5, bold: true, alignment: 'center', margin: [0, 2, 0, 4] },
      ...facts.map((fact): Content => ({ text: fact, margin: [0, 0, 0, 1] })),
      ...tables.flatMap(tableContent),
      signatureContent(signatures),
    ],
    ...(onNewPage && { pageBreak: 'before' as const }),
  };
}

function tableContent({ title, columns, rows, notes }: SheetTable): Content[] {
  const head = [...titleRow(title, columns), ...headRows(columns)];
  const table: Content = {
    margin: [0, 5, 0, 0],
    table: {
      headerRows: head.length,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: widthsOf(columns),
      body: [...head, ...(rows.length > 0 ? rows.map((row) => bodyRow(row, columns)) : [emptyRow(columns)])],
    },
    layout: {
      // Cells that a title spans would still draw the line above it.
      hLineWidth: (line) => (title !== '' && line === 0 ? 0 : rule),
      vLineWidth: () => rule,
      paddingLeft: () => cellPadding,
      paddingRight: () => cellPadding,
      paddingTop: () => 1.5,
      paddingBottom: () => 1.5,
    },
  };
  return [table, ...notes.map((note): Content => ({ text: note, fontSize: 8, italics: true, margin: [0, 2, 0, 0] }))];
}

function widthsOf(columns: readonly SheetColumn[]): number[] {
  const lines = rule * (columns.length + 1) + cellPadding * 2 * columns.length;
  const free = page.width - 2 * page.side - lines;
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  return columns.map(({ share }) => (free * share) / shares);
}

/** The title is part of the head, so that it is on each page of its table and never apart from it. */
function titleRow(title: string, columns: readonly SheetColumn[]): TableCell[][] {
  if (title === '') return [];
  const cell: TableCell = { text: title, bold: true, fontSize: 9.5, colSpan: columns.length, border: [false, false, false, true] };
  return [[cell, ...columns.slice(1).map((): TableCell => ({}))]];
}

/**
 * Titles, grouped where columns belong together, and the numbers of a form's columns. A title without a group is in the lower of two cells
 * without a line between: a cell that spans rows would not make room for all its lines.
 */
function headRows(columns: readonly SheetColumn[]): TableCell[][] {
  const look = { bold: true, alignment: 'center', fontSize: 8 } as const;
  const upper = columns.map(({ group }, at): TableCell => {
    if (group === undefined) return { text: '', border: [true, true, true, false] };
    if (columns[at - 1]?.group === group) return {};
    const after = columns.slice(at).findIndex((column) => column.group !== group);
    return { text: group, colSpan: after < 0 ? columns.length - at : after, ...look };
  });
  const grouped = columns.some(({ group }) => group !== undefined);
  const lower = columns.map(
    ({ title, group }): TableCell => ({ text: title, border: [true, !grouped || group !== undefined, true, true], ...look }),
  );
  const numbers = columns.map((_, at): TableCell => ({ text: `(${at + 1})`, alignment: 'center', fontSize: 7, italics: true }));
  return grouped ? [upper, lower, numbers] : [lower, numbers];
}

function bodyRow(row: readonly string[], columns: readonly SheetColumn[]): TableCell[] {
  return columns.map(({ align }, at): TableCell => ({ text: unbroken(row[at] ?? ''), alignment: align ?? 'left' }));
}

/** The groups of a telephone number stay on one line. */
function unbroken(text: string): string {
  return text.replace(/\b0\d{1,3}(?: \d{3,4}){1,3}\b/g, (phone) => phone.replaceAll(' ', '\u00a0'));
}

function emptyRow(columns: readonly SheetColumn[]): TableCell[] {
  const rest = columns.slice(1).map((): TableCell => ({}));
  return [{ text: 'Không có', colSpan: columns.length, alignment: 'center', italics: true }, ...rest];
}

function signatureContent(signatures: readonly string[]): Content {
  return {
    unbreakable: true,
    margin: [0, 14, 0, 0],
    columns: signatures.map((role) => ({
      stack: [
        { text: role, bold: true, alignment: 'center' },
        { text: '(Ký, ghi rõ họ tên)', italics: true, alignment: 'center' },
        { text: ' ', margin: [0, 40, 0, 0] },
      ],
    })),
  };
}
