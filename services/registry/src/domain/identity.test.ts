import { describe, expect, test } from 'vitest';
import { day } from '../../test/files.ts';
import { identify } from './identity.ts';
import type { Pupil } from './pupil.ts';
import type { RosterRow } from './roster.ts';

const schoolClass = { id: 'class', name: '1A', grade: 1 };
const base = {
  version: 1,
  fullName: 'An',
  birthDate: day('2020-05-03'),
  sex: 'MALE',
  schoolClass,
  sectorStatus: '',
  provenance: {},
  status: 'ENROLLED',
} as const;
const coded: Pupil = { ...base, id: 'coded', code: 'C1' };
const temporary: Pupil = { ...base, id: 'temporary' };
const bare: Pupil = { ...base, id: 'bare', code: 'C9' };
const known = {
  byCode: new Map([
    ['C1', coded],
    ['C9', bare],
  ]),
  byPersonNumber: new Map([
    ['N1', coded],
    ['N2', temporary],
  ]),
  personNumberOf: new Map([
    ['coded', 'N1'],
    ['temporary', 'N2'],
  ]),
};
const rowOf = (facts: { code?: string; personNumber?: string }): RosterRow => ({
  row: 2,
  fullName: 'An',
  birthDate: day('2020-05-03'),
  sex: 'MALE',
  className: '1A',
  sectorStatus: '',
  leaves: false,
  ...facts,
});
const identified = (facts: { code?: string; personNumber?: string }) => identify(rowOf(facts), known);

describe('a row means', () => {
  test('the pupil of its code', () => {
    expect(identified({ code: 'C1', personNumber: 'N1' })).toEqual({ ok: true, value: { pupil: coded } });
    expect(identified({ code: 'C1' })).toEqual({ ok: true, value: { pupil: coded } });
  });

  test('the pupil of its person number, while there is no code', () => {
    expect(identified({ personNumber: 'N2' })).toEqual({ ok: true, value: { pupil: temporary } });
    expect(identified({ personNumber: 'N1' })).toEqual({ ok: true, value: { pupil: coded } });
  });

  test('the pupil with a temporary id, when the code has come', () => {
    expect(identified({ code: 'C3', personNumber: 'N2' })).toEqual({ ok: true, value: { pupil: temporary } });
  });

  test('a new pupil, whose number is kept', () => {
    expect(identified({ code: 'C3', personNumber: 'N3' })).toEqual({ ok: true, value: { personNumber: 'N3' } });
    expect(identified({ code: 'C3' })).toEqual({ ok: true, value: {} });
  });

  test('a known pupil whose number is new or corrected', () => {
    expect(identified({ code: 'C9', personNumber: 'N9' })).toEqual({ ok: true, value: { pupil: bare, personNumber: 'N9' } });
    expect(identified({ code: 'C1', personNumber: 'N9' })).toEqual({ ok: true, value: { pupil: coded, personNumber: 'N9' } });
  });
});

describe('a row is for a person to decide', () => {
  test.each([
    { code: 'C9', personNumber: 'N1' },
    { code: 'C1', personNumber: 'N2' },
    { code: 'C3', personNumber: 'N1' },
  ])('%j', (facts) => {
    expect(identified(facts)).toEqual({ ok: false, refusal: { code: 'IDENTITY_CONFLICT' } });
  });
});
