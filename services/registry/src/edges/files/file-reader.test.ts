import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { day, rosterOf } from '../../../test/files.ts';
import { createFileReader, readerLimits } from './file-reader.ts';
import { readFile } from './read-file.ts';

const today = day('2026-11-21');
const school = new URL('../../../../../infra/demo/school/', import.meta.url);
const bytes = readFileSync(new URL('C1-HocSinh.xlsx', school));
const contacts = readFileSync(new URL('phu-huynh.csv', school));
/** Only for a reader that hangs. */
const patient = { ...readerLimits, timeMs: 120_000 };
const roster = { kind: 'ROSTER', bytes, today } as const;

describe('a file that is read in a process of its own', () => {
  test('comes back as if it were read here', async () => {
    const read = createFileReader(patient);
    expect(await read(roster)).toEqual(readFile(roster));
    expect(await read({ kind: 'CONTACTS', bytes: contacts, today })).toEqual(readFile({ kind: 'CONTACTS', bytes: contacts, today }));
  });

  test('leaves the bytes of the request where they are', async () => {
    const request = Buffer.from(bytes);
    await createFileReader(patient)({ ...roster, bytes: request });
    expect(request.equals(bytes)).toBe(true);
  });

  test('leaves the service free meanwhile', async () => {
    let beats = 0;
    const heart = setInterval(() => beats++, 1);
    await createFileReader(patient)(roster);
    clearInterval(heart);
    expect(beats).toBeGreaterThan(3);
  });
});

describe('a file that is too much', () => {
  const large = { ...roster, bytes: rosterOf(Array.from({ length: 10_000 }, () => ({}))) };

  test('in bytes is refused unread', async () => {
    const read = createFileReader({ ...patient, bytes: 1_000 });
    expect(await read(roster)).toEqual({ ok: false, refusal: { code: 'FILE_TOO_LARGE' } });
  });

  test('in time is given up', async () => {
    const read = createFileReader({ ...patient, timeMs: 1 });
    expect(await read(large)).toEqual({ ok: false, refusal: { code: 'READING_TOO_LONG' } });
  });

  test('in memory ends its own process and nothing else, and the next is read', async () => {
    const read = createFileReader({ ...patient, heapMb: 12 });
    expect(await read(large)).toEqual({ ok: false, refusal: { code: 'READING_TOO_MUCH_MEMORY' } });
    expect(await read({ ...roster, bytes: rosterOf([{}]) })).toMatchObject({ ok: true });
  });
});

test('files wait for each other, and not without end', async () => {
  const read = createFileReader({ ...patient, waiting: 1 });
  const results = await Promise.all([read(roster), read(roster), read(roster)]);
  expect(results.map((result) => (result.ok ? 'read' : result.refusal.code))).toEqual(['read', 'read', 'READER_BUSY']);
  expect(await read(roster)).toMatchObject({ ok: true });
});
