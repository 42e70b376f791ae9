import fc from 'fast-check';
import { expect, test } from 'vitest';
import { day } from '../../test/files.ts';
import type { KnownPupils } from './identity.ts';
import type { Pupil } from './pupil.ts';
import type { RosterRow } from './roster.ts';
import { openClassBook } from './school-class.ts';
import { sumUp, takeOverRows } from './take-over.ts';

let ids = 0;
const newId = () => `id ${++ids}`;

/** What a school knows, as the stores would keep it. */
function openMemory() {
  const pupils = new Map<string, Pupil>();
  const numbers = new Map<string, string>();
  const { classNamed } = openClassBook(new Map(), newId);
  const known = (): KnownPupils => ({
    byCode: new Map([...pupils.values()].flatMap((pupil) => (pupil.code ? [[pupil.code, pupil] as const] : []))),
    byPersonNumber: new Map([...numbers].flatMap(([id, number]) => [[number, pupils.get(id)!] as const])),
    personNumberOf: numbers,
  });
  const take = (rows: readonly RosterRow[], importId: string) => {
    const taken = takeOverRows(rows, known(), { importId, today: day('2026-11-21'), newId, classNamed });
    for (const { pupil } of taken.changes) pupils.set(pupil.id, pupil);
    for (const { studentId, personNumber } of taken.personNumbers) numbers.set(studentId, personNumber);
    return { ...taken, ...sumUp(taken.outcomes) };
  };
  return { pupils, numbers, take };
}

const rowOf = (facts: Partial<RosterRow>): RosterRow => ({
  row: 2,
  code: 'C1',
  fullName: 'An',
  birthDate: day('2020-05-03'),
  sex: 'MALE',
  className: '1A',
  sectorStatus: 'Đang học',
  leaves: false,
  ...facts,
});

test('a person number that comes later is kept and counted, and told to nobody', () => {
  const memory = openMemory();
  memory.take([rowOf({})], 'first');
  const taken = memory.take([rowOf({ personNumber: '079220000001' })], 'second');
  expect(taken).toMatchObject({ changes: [], diff: { changed: 1, unchanged: 0 } });
  expect(taken.personNumbers).toEqual([{ studentId: [...memory.pupils.keys()][0], personNumber: '079220000001' }]);
});

test('two rows that mean one pupil, one by the code and one by the number, are both held', () => {
  const memory = openMemory();
  memory.take([rowOf({ personNumber: 'N1' })], 'first');
  const { code: _, ...uncoded } = rowOf({ row: 9, personNumber: 'N1', leaves: true });
  const taken = memory.take([rowOf({ row: 8 }), uncoded], 'second');
  expect(taken).toMatchObject({
    changes: [],
    held: [
      { row: 8, code: 'IDENTITY_CONFLICT' },
      { row: 9, code: 'IDENTITY_CONFLICT' },
    ],
  });
});

test('two rows that mean one pupil are held though they were compared in different parts', () => {
  const outcomes = [
    { row: 2, count: 'unchanged', studentId: 'a' },
    { row: 3, count: 'added' },
    { row: 4, count: 'ended', studentId: 'a' },
  ] as const;
  const { diff, held } = sumUp(outcomes);
  expect(diff).toMatchObject({ added: 1, unchanged: 0, ended: 0 });
  expect(held.map(({ row }) => row)).toEqual([2, 4]);
});

test('a row in conflict is held, and the others are taken over', () => {
  const memory = openMemory();
  memory.take([rowOf({ code: 'C1', personNumber: 'N1' }), rowOf({ code: 'C2', personNumber: 'N2' })], 'first');
  const taken = memory.take(
    [rowOf({ row: 8, code: 'C1', personNumber: 'N2' }), rowOf({ row: 9, code: 'C3', personNumber: 'N3' })],
    'second',
  );
  expect(taken.held).toEqual([{ row: 8, code: 'IDENTITY_CONFLICT' }]);
  expect(taken.diff).toMatchObject({ added: 1 });
});

/** Rows as a file may hold them: no two share a code or a number. */
const file = fc
  .array(
    fc.record({
      code: fc.option(fc.constantFrom('C1', 'C2', 'C3', 'C4', 'C5'), { nil: undefined }),
      personNumber: fc.option(fc.constantFrom('N1', 'N2', 'N3', 'N4', 'N5'), { nil: undefined }),
      fullName: fc.constantFrom('An', 'Bình'),
      className: fc.constantFrom('1A', '1b', '1B'),
      leaves: fc.boolean(),
    }),
    { maxLength: 8 },
  )
  .map((drafts) => {
    const seen = new Set<string | undefined>();
    return drafts.flatMap(({ code, personNumber, ...facts }, i) => {
      if ((!code && !personNumber) || seen.has(code ?? '') || seen.has(personNumber ?? '')) return [];
      if (code) seen.add(code);
      if (personNumber) seen.add(personNumber);
      const { code: _, ...bare } = rowOf({ ...facts, row: i + 2 });
      return [{ ...bare, ...(code ? { code } : {}), ...(personNumber ? { personNumber } : {}) }];
    });
  });

test('whatever came before, a file that is taken over a second time changes nothing', () => {
  fc.assert(
    fc.property(fc.array(file, { maxLength: 3 }), file, (earlier, last) => {
      const memory = openMemory();
      for (const [i, rows] of earlier.entries()) memory.take(rows, `earlier ${i}`);
      // Two rows may free and claim a number between them, so what was held the first time may be taken over the second.
      for (let again = 0; again <= last.length; again++) memory.take(last, 'last');
      const { changes, personNumbers, diff } = memory.take(last, 'again');
      expect({ changes, personNumbers }).toEqual({ changes: [], personNumbers: [] });
      expect(diff).toMatchObject({ added: 0, changed: 0, ended: 0, merged: 0 });
    }),
  );
});

test('whatever comes, no two pupils ever share a code or a person number', () => {
  fc.assert(
    fc.property(fc.array(file, { maxLength: 4 }), (files) => {
      const memory = openMemory();
      for (const [i, rows] of files.entries()) {
        memory.take(rows, `file ${i}`);
        const codes = [...memory.pupils.values()].flatMap(({ code }) => code ?? []);
        const numbers = [...memory.numbers.values()];
        expect(new Set(codes).size).toBe(codes.length);
        expect(new Set(numbers).size).toBe(numbers.length);
      }
    }),
  );
});
