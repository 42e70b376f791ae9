import { posix } from 'node:path';
import { err, type Result, type SchoolDate } from '@schoolbell/kernel';
import { type RosterColumn, type RosterFile, type RosterRefused, readRoster, rosterColumns } from '../../domain/roster.ts';
import type { DateSystem } from '../../domain/school-day.ts';
import { openTable, type Table } from '../../domain/table.ts';
import { type Archive, type ArchiveRefused, openArchive } from './archive.ts';
import { readLines, readSharedStrings } from './sheet-part.ts';
import { localName, parseXml } from './xml.ts';

export type WorkbookRefused =
  | ArchiveRefused
  | RosterRefused
  | { readonly code: 'FILE_EMPTY' }
  | { readonly code: 'COLUMNS_MISSING'; readonly columns: string };

/** Reads a sector workbook (xlsx, ECMA-376): finds the data sheet and its columns by what they say, wherever they stand. */
export function readWorkbook(bytes: Uint8Array, today: SchoolDate): Result<RosterFile, WorkbookRefused> {
  if (bytes.length === 0) return err({ code: 'FILE_EMPTY' });
  const archive = openArchive(bytes);
  if (!archive.ok) return archive;
  try {
    const workbook = openWorkbook(archive.value);
    return workbook ? readSheets(workbook, today) : err({ code: 'NOT_A_WORKBOOK' });
  } catch {
    // Damaged while it was unpacked or parsed: what exactly is wrong with the XML helps nobody in a school office.
    return err({ code: 'NOT_A_WORKBOOK' });
  }
}

function readSheets({ sheets, dateSystem }: Workbook, today: SchoolDate): Result<RosterFile, WorkbookRefused> {
  let best: (Table<RosterColumn> & { found: true }) | undefined;
  let missing: readonly string[] | undefined;
  for (const sheet of sheets) {
    const table = readSheet(sheet);
    if (!table.found) {
      if (!missing || table.missing.length < missing.length) missing = table.missing;
    } else if (!best || table.lines.length > best.lines.length) best = table;
  }
  if (best) return readRoster(best, dateSystem, today);
  return err({ code: 'COLUMNS_MISSING', columns: (missing ?? []).join(', ') });
}

function readSheet({ bytes, strings }: Sheet): Table<RosterColumn> {
  const table = openTable(rosterColumns);
  readLines(bytes(), strings(), (line) => table.take(line));
  return table.close();
}

interface Workbook {
  /** Those that can be seen, or all when none can. */
  readonly sheets: readonly Sheet[];
  readonly dateSystem: DateSystem;
}
interface Sheet {
  readonly bytes: () => Uint8Array;
  readonly strings: () => readonly string[];
}

function openWorkbook(archive: Archive): Workbook | undefined {
  const path = readRelations(archive, '').find(({ type }) => type === 'officeDocument')?.path ?? 'xl/workbook.xml';
  const bytes = archive.part(path);
  if (!bytes) return undefined;
  const relations = readRelations(archive, path);
  const sheets: { readonly relation: string; readonly visible: boolean }[] = [];
  let dateSystem: DateSystem = 1900;
  parseXml(bytes, {
    open(name, attributes) {
      if (name === 'workbookPr' && /^(1|true)$/.test(attributes.date1904 ?? '')) dateSystem = 1904;
      if (name !== 'sheet') return;
      const relation = Object.entries(attributes).find(([key]) => key !== 'id' && localName(key) === 'id')?.[1] ?? '';
      sheets.push({ relation, visible: (attributes.state ?? 'visible') === 'visible' });
    },
  });
  const strings = once(() => {
    const part = archive.part(relations.find(({ type }) => type === 'sharedStrings')?.path ?? '');
    return part ? readSharedStrings(part) : [];
  });
  const visible = sheets.filter((sheet) => sheet.visible);
  const shown = visible.length > 0 ? visible : sheets;
  const worksheets = shown.flatMap(({ relation }) => relations.filter(({ id, type }) => id === relation && type === 'worksheet'));
  return { sheets: worksheets.map((sheet) => ({ bytes: () => archive.part(sheet.path) ?? new Uint8Array(), strings })), dateSystem };
}

interface Relation {
  readonly id: string;
  /** "worksheet", "sharedStrings" */
  readonly type: string;
  readonly path: string;
}

/** What a part refers to; '' is the package itself (ECMA-376 part 2, 9.3). */
function readRelations(archive: Archive, part: string): Relation[] {
  const { dir, base } = posix.parse(part);
  const bytes = archive.part(posix.join(dir, '_rels', `${base}.rels`));
  const relations: Relation[] = [];
  if (!bytes) return relations;
  parseXml(bytes, {
    open(name, { Id: id, Type: type, Target: target }) {
      if (name !== 'Relationship' || id === undefined || type === undefined || target === undefined) return;
      const path = target.startsWith('/') ? target.slice(1) : posix.join(dir, target);
      relations.push({ id, type: type.slice(type.lastIndexOf('/') + 1), path });
    },
  });
  return relations;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
