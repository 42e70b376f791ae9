import { err, ok, type Result } from '@schoolbell/kernel';
import { CsvError, parse } from 'csv-parse/sync';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { type ContactsFile, type ContactsRefused, contactColumns, readContacts } from '../../domain/contacts.ts';
import type { Cell, Line } from '../../domain/sheet.ts';
import { openTable } from '../../domain/table.ts';

export type ContactListRefused =
  | ContactsRefused
  | { readonly code: 'FILE_EMPTY' }
  | { readonly code: 'NOT_A_CONTACT_LIST' }
  | { readonly code: 'COLUMNS_MISSING'; readonly columns: string };

/** Reads a school's contact list: CSV in UTF-8 or in Excel's UTF-16, with commas, semicolons or tabs, found by its heading. */
export function readContactList(bytes: Uint8Array): Result<ContactsFile, ContactListRefused> {
  if (bytes.length === 0) return err({ code: 'FILE_EMPTY' });
  const text = decode(bytes);
  if (text === undefined) return err({ code: 'NOT_A_CONTACT_LIST' });
  if (text.trim() === '') return err({ code: 'FILE_EMPTY' });
  const records = readRecords(text);
  if (!records.ok) return records;
  const table = openTable(contactColumns);
  for (const line of records.value) if (!table.take(line)) break;
  const read = table.close();
  return read.found ? readContacts(read, readPhone) : err({ code: 'COLUMNS_MISSING', columns: read.missing.join(', ') });
}

function decode(bytes: Uint8Array): string | undefined {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

const longestRecord = 65_536;

function readRecords(text: string): Result<Line[], ContactListRefused> {
  const options = {
    bom: true,
    delimiter: delimiterOf(text),
    max_record_size: longestRecord,
    relax_column_count: true,
    relax_quotes: true,
  } as const;
  try {
    const lines: Line[] = [];
    parse(text, {
      ...options,
      on_record: (record: string[], { lines: row }) => {
        lines.push({ row, cells: record.map(cellOf) });
        return null; // Kept above with its line; nothing for the parser to keep.
      },
    });
    return ok(lines);
  } catch (error) {
    if (error instanceof CsvError) return err({ code: 'NOT_A_CONTACT_LIST' });
    throw error;
  }
}

function cellOf(text: string): Cell | undefined {
  return text === '' ? undefined : { kind: 'TEXT', text };
}

/** Excel writes what the country uses: semicolons in Vietnam, and tabs in its "Unicode text". */
function delimiterOf(text: string): string {
  const head = text.split(/\r?\n/, 20).join('\n');
  const count = (delimiter: string): number => head.split(delimiter).length;
  return [';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best), ',');
}

// The numbering plan of the "min" metadata knows how long numbers are, not which prefixes are handed out today: a new prefix
// must not make a mother unreachable.
function readPhone(text: string): string | undefined {
  const phone = parsePhoneNumberFromString(text, 'VN');
  return phone?.isValid() ? phone.number : undefined;
}
