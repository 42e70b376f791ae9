import { describe, expect, test } from 'vitest';
import { day } from '../../test/files.ts';
import { noDiff } from './import.ts';
import { planContacts, planRoster } from './plan.ts';
import type { RosterRow } from './roster.ts';

const rowOf = (row: number, facts: Partial<RosterRow> = {}): RosterRow => ({
  row,
  code: `C${row}`,
  fullName: 'An',
  birthDate: day('2020-05-03'),
  sex: 'MALE',
  className: '1A',
  sectorStatus: '',
  leaves: false,
  ...facts,
});

describe('the plan of a roster', () => {
  test('counts every row once: accepted, left or refused', () => {
    const rows = [rowOf(2), rowOf(3, { leaves: true, className: '1b' }), rowOf(4, { className: '1B' }), rowOf(5, { className: '9Z' })];
    const findings = [{ row: 9, code: 'NAME_MISSING' }] as const;
    const plan = planRoster({ rows, findings, total: 5 }, { diff: noDiff, held: [{ row: 5, code: 'IDENTITY_CONFLICT' }] });
    expect(plan).toMatchObject({ rows: 5, accepted: 2, left: 1, refused: 2, classes: 2 });
    expect(plan.findings.map(({ row }) => row)).toEqual([5, 9]);
    expect(plan.chunks.map(({ items }) => items.length)).toEqual([3]);
  });

  test('is cut into parts that fit one transaction', () => {
    const rows = Array.from({ length: 501 }, (_, i) => rowOf(i + 2));
    const { chunks } = planRoster({ rows, findings: [], total: 501 }, { diff: noDiff, held: [] });
    expect(chunks.map(({ kind, items }) => `${kind} ${items.length}`)).toEqual(['PUPILS 250', 'PUPILS 250', 'PUPILS 1']);
  });
});

test('the plan of a contact list takes guardians over before anything ends', () => {
  const guardian = { key: 'k', fullName: 'Nam', language: 'vi', wantsNotices: true, ties: [] } as const;
  const plan = planContacts(
    {
      guardians: [guardian],
      pupils: [{ pupil: { code: 'C1' }, guardianKeys: [], whole: true }],
      findings: [
        { row: 3, code: 'NAME_MISSING' },
        { row: 3, code: 'NO_WAY_TO_REACH' },
        { row: 4, code: 'LANGUAGE_UNKNOWN' },
      ],
      total: 4,
    },
    { diff: noDiff, held: [{ row: 5, code: 'PUPIL_UNKNOWN' }] },
  );
  expect(plan).toMatchObject({ rows: 4, accepted: 2, refused: 2, left: 0, classes: 0 });
  expect(plan.chunks.map(({ kind }) => kind)).toEqual(['GUARDIANS', 'TIES']);
});
