import { describe, expect, test } from 'vitest';
import { cellOf } from '../../test/lines.ts';
import { meaningOf, readPersonNumber } from './person-number.ts';

const boyOf2020 = { sex: 'MALE', birthYear: 2020 } as const;

describe('the twelve digits', () => {
  test.each([
    ['001099000001', 'MALE', 1999],
    ['001185000001', 'FEMALE', 1985],
    ['079220507986', 'MALE', 2020],
    ['092320538096', 'FEMALE', 2020],
    ['001401000001', 'MALE', 2101],
  ])('%s is of a %s born in %d', (number, sex, birthYear) => {
    expect(meaningOf(number)).toEqual({ sex, birthYear });
  });
});

describe('a person number in its row', () => {
  test('that agrees is noticed by nobody', () => {
    expect(readPersonNumber(cellOf('079220507986'), boyOf2020)).toEqual({ personNumber: '079220507986', findings: [] });
    expect(readPersonNumber(cellOf(' 079 220\u00a0507986'), boyOf2020)).toEqual({ personNumber: '079220507986', findings: [] });
  });

  test('that says otherwise stands, and a person looks', () => {
    expect(readPersonNumber(cellOf('079320507986'), boyOf2020).findings).toEqual(['PERSON_NUMBER_SEX_DIFFERS']);
    expect(readPersonNumber(cellOf('079223507986'), boyOf2020).findings).toEqual(['PERSON_NUMBER_BIRTH_YEAR_DIFFERS']);
    expect(readPersonNumber(cellOf('079120507986'), boyOf2020)).toEqual({
      personNumber: '079120507986',
      findings: ['PERSON_NUMBER_SEX_DIFFERS', 'PERSON_NUMBER_BIRTH_YEAR_DIFFERS'],
    });
  });

  test('is not compared with what the row does not say', () => {
    expect(readPersonNumber(cellOf('079320507986'), {}).findings).toEqual([]);
  });

  test('may be missing', () => {
    expect(readPersonNumber(undefined, boyOf2020)).toEqual({ findings: ['PERSON_NUMBER_MISSING'] });
    expect(readPersonNumber(cellOf('  '), boyOf2020)).toEqual({ findings: ['PERSON_NUMBER_MISSING'] });
  });

  test('gets back the zero that a number cell lost', () => {
    expect(readPersonNumber(cellOf(79_220_507_986), boyOf2020)).toEqual({ personNumber: '079220507986', findings: ['LEADING_ZERO_LOST'] });
    expect(readPersonNumber(cellOf(79_320_507_986), boyOf2020).findings).toEqual(['LEADING_ZERO_LOST', 'PERSON_NUMBER_SEX_DIFFERS']);
  });

  test('gets back both zeros of Hanoi only where the row bears it out', () => {
    expect(readPersonNumber(cellOf(1_220_507_986), boyOf2020)).toEqual({ personNumber: '001220507986', findings: ['LEADING_ZERO_LOST'] });
    expect(readPersonNumber(cellOf(1_220_507_986), { ...boyOf2020, birthYear: 2019 })).toEqual({ findings: ['PERSON_NUMBER_MALFORMED'] });
    expect(readPersonNumber(cellOf(1_220_507_986), { birthYear: 2020 })).toEqual({ findings: ['PERSON_NUMBER_MALFORMED'] });
  });

  test.each(['0012191620', '79220507986', '07922050798X', '0792205079861', 12, 79_220_507_986.5, -79_220_507_986])(
    '%j is malformed',
    (value) => {
      expect(readPersonNumber(cellOf(value), boyOf2020)).toEqual({ findings: ['PERSON_NUMBER_MALFORMED'] });
    },
  );

  test('twelve digits in a number cell have lost nothing', () => {
    expect(readPersonNumber(cellOf(101_220_507_986), boyOf2020)).toEqual({ personNumber: '101220507986', findings: [] });
  });
});
