import { strToU8, type Zippable, zipSync } from 'fflate';

/** What one cell of a built workbook holds; `value` is what the formula came to, absent when nobody calculated it. */
export type BuiltCell =
  | string
  | number
  | undefined
  | { readonly formula: string; readonly value?: string | number }
  | { readonly error: string };

export interface BuiltSheet {
  readonly name: string;
  readonly lines: readonly (readonly BuiltCell[])[];
  readonly hidden?: boolean;
}

export interface WorkbookStyle {
  /** As Excel itself saves; openpyxl and others write the texts into the cells. */
  readonly sharedStrings?: boolean;
  readonly date1904?: boolean;
  /** Some programs put a prefix before every name of XML. */
  readonly prefix?: string;
  /** Changes the XML of the first sheet, for what no program should write. */
  readonly change?: (xml: string) => string;
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006';

/** A small but whole xlsx (ECMA-376) with these sheets. */
export function buildWorkbook(
  sheets: readonly BuiltSheet[],
  { sharedStrings = false, date1904 = false, prefix = '', change }: WorkbookStyle = {},
): Uint8Array {
  const strings: string[] = [];
  const x = prefix === '' ? '' : `${prefix}:`;
  const xmlns = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
  const share = sharedStrings ? (text: string) => strings.push(text) - 1 : undefined;
  const parts: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="${packaged}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': relationsPart([['rId1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `<${x}workbook ${xmlns}="${main}" xmlns:r="${relations}"><${x}workbookPr${date1904 ? ' date1904="1"' : ''}/><${x}sheets>${sheets
      .map(
        ({ name, hidden }, i) =>
          `<${x}sheet name="${escaped(name)}" sheetId="${i + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`,
      )
      .join('')}</${x}sheets></${x}workbook>`,
  };
  for (const [i, { lines }] of sheets.entries()) parts[`xl/worksheets/sheet${i + 1}.xml`] = sheetPart(lines, { x, xmlns, share });
  const targets = sheets.map((_, i): Relation => [`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`]);
  if (sharedStrings) {
    targets.push(['rIdS', 'sharedStrings', '/xl/sharedStrings.xml']);
    parts['xl/sharedStrings.xml'] =
      `<${x}sst ${xmlns}="${main}">${strings.map((text) => `<${x}si><${x}t xml:space="preserve">${escaped(text)}</${x}t></${x}si>`).join('')}</${x}sst>`;
  }
  parts['xl/_rels/workbook.xml.rels'] = relationsPart(targets);
  const first = 'xl/worksheets/sheet1.xml';
  if (change) parts[first] = change(parts[first] ?? '');
  return zip(parts);
}

export function zip(parts: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const files: Zippable = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, typeof part === 'string' ? strToU8(part) : part]),
  );
  // The same rows are the same bytes: an archive notes the time to two seconds.
  return zipSync(files, { level: 6, mtime: new Date('2026-11-21T00:00:00Z') });
}

type Relation = readonly [id: string, type: string, target: string];

function relationsPart(list: readonly Relation[]): string {
  return `<Relationships xmlns="${packaged}/relationships">${list
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${relations}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;
}

interface Writing {
  readonly x: string;
  readonly xmlns: string;
  readonly share: ((text: string) => number) | undefined;
}

function sheetPart(lines: readonly (readonly BuiltCell[])[], writing: Writing): string {
  const { x, xmlns } = writing;
  const rows = lines.map((cells, i) => {
    const written = cells.map((cell, column) => cellPart(cell, `${letters(column)}${i + 1}`, writing)).join('');
    return written === '' ? '' : `<${x}row r="${i + 1}">${written}</${x}row>`;
  });
  return `<${x}worksheet ${xmlns}="${main}"><${x}sheetData>${rows.join('')}</${x}sheetData></${x}worksheet>`;
}

function cellPart(cell: BuiltCell, r: string, { x, share }: Writing): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return `<${x}c r="${r}"><${x}v>${cell}</${x}v></${x}c>`;
  if (typeof cell === 'string') {
    if (share) return `<${x}c r="${r}" t="s"><${x}v>${share(cell)}</${x}v></${x}c>`;
    return `<${x}c r="${r}" t="inlineStr"><${x}is><${x}t xml:space="preserve">${escaped(cell)}</${x}t></${x}is></${x}c>`;
  }
  if ('error' in cell) return `<${x}c r="${r}" t="e"><${x}v>${cell.error}</${x}v></${x}c>`;
  const type = typeof cell.value === 'string' ? ' t="str"' : '';
  return `<${x}c r="${r}"${type}><${x}f>${escaped(cell.formula)}</${x}f><${x}v>${escaped(String(cell.value ?? ''))}</${x}v></${x}c>`;
}

function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
