import { describe, expect, test } from 'vitest';
import { day } from '../../test/files.ts';
import { type Pupil, type RosterChange, takeOverRow } from './pupil.ts';
import type { RosterRow } from './roster.ts';
import { openClassBook } from './school-class.ts';

const row: RosterRow = {
  row: 2,
  code: '79000701000001',
  personNumber: '079220000001',
  fullName: 'Bùi Thanh Giang',
  birthDate: day('2020-05-03'),
  sex: 'MALE',
  className: '1A',
  sectorStatus: 'Đang học',
  leaves: false,
};

let ids = 0;
const newId = () => `id ${++ids}`;
const { classNamed } = openClassBook(new Map(), newId);
const take = (stated: RosterRow, known?: Pupil, importId = 'second', today = day('2026-11-21')) =>
  takeOverRow(stated, known, { importId, today, newId, classNamed });

function changedBy(change: RosterChange): Pupil {
  if (change.count === 'unchanged') throw new Error('Nothing changed');
  return change.pupil;
}
const enrolled = changedBy(take(row, undefined, 'first'));
const left = changedBy(take({ ...row, leaves: true, sectorStatus: 'Chuyển đi' }, enrolled));

describe('a pupil who is new', () => {
  test('is enrolled and announced, with the import as the source of every field', () => {
    expect(take(row, undefined, 'first')).toMatchObject({
      count: 'added',
      announce: 'ENROLLED',
      pupil: { status: 'ENROLLED', version: 1, fullName: 'Bùi Thanh Giang' },
    });
    expect(new Set(Object.values(enrolled.provenance))).toEqual(new Set(['first']));
  });

  test('and has left already is kept, but nobody is told of somebody they never heard of', () => {
    const change = take({ ...row, leaves: true });
    expect(change).toMatchObject({ count: 'ended', pupil: { status: 'LEFT', leftOn: '2026-11-21' } });
    expect(change).not.toHaveProperty('announce');
  });

  test('never carries the person number', () => {
    expect(JSON.stringify(enrolled)).not.toContain('079220000001');
  });
});

describe('a pupil who is known', () => {
  test('and stated the same stays unchanged', () => {
    expect(take(row, enrolled)).toEqual({ count: 'unchanged' });
    expect(take({ ...row, leaves: true, sectorStatus: 'Chuyển đi' }, left, 'third', day('2027-01-01'))).toEqual({ count: 'unchanged' });
  });

  test.each([{ fullName: 'Bùi Thanh Giảng' }, { className: '1B' }])('with another %j is changed and announced', (facts) => {
    expect(take({ ...row, ...facts }, enrolled)).toMatchObject({
      count: 'changed',
      announce: 'CHANGED',
      pupil: { id: enrolled.id, version: 2 },
    });
  });

  test.each([{ birthDate: day('2020-05-04') }, { sex: 'FEMALE' as const }, { sectorStatus: 'Chuyển đến' }])(
    'with another %j is changed, and nobody is told what they may not know',
    (facts) => {
      const change = take({ ...row, ...facts }, enrolled);
      expect(change.count).toBe('changed');
      expect(change).not.toHaveProperty('announce');
    },
  );

  test('has the new source at the fields that changed, and the old one at the others', () => {
    const { provenance } = changedBy(take({ ...row, fullName: 'Bùi Giang' }, enrolled));
    expect(provenance).toMatchObject({ fullName: 'second', code: 'first', birthDate: 'first', className: 'first', status: 'first' });
  });

  test('leaves on the day that the workbook states, or on the day of the import', () => {
    const leaving = { ...row, leaves: true, sectorStatus: 'Chuyển đi' };
    expect(take(leaving, enrolled)).toMatchObject({ count: 'ended', announce: 'LEFT', pupil: { status: 'LEFT', leftOn: '2026-11-21' } });
    expect(take({ ...leaving, statusSince: day('2026-10-15') }, enrolled)).toMatchObject({ pupil: { leftOn: '2026-10-15' } });
    expect(take({ ...leaving, statusSince: day('2027-01-01') }, enrolled)).toMatchObject({ pupil: { leftOn: '2026-11-21' } });
  });

  test('comes back and is enrolled again', () => {
    const change = take(row, left);
    expect(change).toMatchObject({ count: 'changed', announce: 'ENROLLED', pupil: { id: enrolled.id, status: 'ENROLLED' } });
    expect(changedBy(change)).not.toHaveProperty('leftOn');
  });

  test('and has left changes without a word', () => {
    const change = take({ ...row, fullName: 'Bùi Giang', leaves: true, sectorStatus: 'Chuyển đi' }, left);
    expect(change.count).toBe('changed');
    expect(change).not.toHaveProperty('announce');
  });
});

describe('a pupil with a temporary id', () => {
  const { code: _, ...temporaryRow } = row;
  const temporary = changedBy(take(temporaryRow, undefined, 'first'));

  test('has no code and says nothing of where it came from', () => {
    expect(temporary).not.toHaveProperty('code');
    expect(temporary.provenance).not.toHaveProperty('code');
  });

  test('is merged when the code comes: the same pupil, announced with the code', () => {
    expect(take(row, temporary)).toMatchObject({
      count: 'merged',
      announce: 'CHANGED',
      pupil: { id: temporary.id, code: row.code, provenance: { code: 'second', fullName: 'first' } },
    });
  });

  test('in a later file does not lose the code again', () => {
    expect(take(temporaryRow, enrolled)).toEqual({ count: 'unchanged' });
  });
});
