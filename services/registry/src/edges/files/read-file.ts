import { createHash } from 'node:crypto';
import { err, ok, type Result, type SchoolDate, unreachable } from '@schoolbell/kernel';
import type { ContactsFile } from '../../domain/contacts.ts';
import type { ImportKind } from '../../domain/import.ts';
import type { RosterFile } from '../../domain/roster.ts';
import { type ContactListRefused, readContactList } from './contact-list.ts';
import { readWorkbook, type WorkbookRefused } from './workbook.ts';

/** A file in the form in which it crosses from one thread to another. */
export interface FileToRead {
  readonly kind: ImportKind;
  readonly bytes: Uint8Array;
  /** Day on which it is read. */
  readonly today: SchoolDate;
}

export type FileContent =
  | { readonly kind: 'ROSTER'; readonly file: RosterFile }
  | { readonly kind: 'CONTACTS'; readonly file: ContactsFile };
export type FileRead = FileContent & { /** 64 lower-case hex digits. */ readonly sha256: string };
export type FileRefused = WorkbookRefused | ContactListRefused;

/** Reads a file, whatever it is. Takes as long and as much memory as the file wants: call it where that can be bounded. */
export function readFile({ kind, bytes, today }: FileToRead): Result<FileRead, FileRefused> {
  const content = readContent(kind, bytes, today);
  return content.ok ? ok({ ...content.value, sha256: createHash('sha256').update(bytes).digest('hex') }) : err(content.refusal);
}

function readContent(kind: ImportKind, bytes: Uint8Array, today: SchoolDate): Result<FileContent, FileRefused> {
  switch (kind) {
    case 'ROSTER': {
      const read = readWorkbook(bytes, today);
      return read.ok ? ok({ kind, file: read.value }) : read;
    }
    case 'CONTACTS': {
      const read = readContactList(bytes);
      return read.ok ? ok({ kind, file: read.value }) : read;
    }
    default:
      return unreachable(kind);
  }
}
