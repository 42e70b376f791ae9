import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellOf } from '../../test/lines.ts';
import { readDay } from './school-day.ts';

describe('a day as text', () => {
  test.each([
    '03/05/2020',
    '3/5/2020',
    '03-05-2020',
    '3.5.2020',
    ' 03 / 05 / 2020 ',
    '03/05/2020 00:00:00',
    '2020-05-03',
    '2020-05-03T00:00:00Z',
    '2020/5/3',
    'ngày 3 tháng 5 năm 2020',
    '03/05/20',
    '03\u00a0/05/2020',
    '43954',
  ])('%j is 3 May 2020', (text) => {
    expect(readDay(cellOf(text), 1900)).toBe('2020-05-03');
  });

  test.each(['31/02/2018', '00/01/2020', '05/23/2020', '29/02/2019', '2020', '3/5', 'hôm qua', '', '03/05/2020/1'])(
    '%j is no day',
    (text) => {
      expect(readDay(cellOf(text), 1900)).toBeUndefined();
    },
  );
});

describe('a day as an Excel serial', () => {
  test('counts from 1900, over the leap day that never was', () => {
    expect(readDay(cellOf(1), 1900)).toBe('1900-01-01');
    expect(readDay(cellOf(59), 1900)).toBe('1900-02-28');
    expect(readDay(cellOf(60), 1900)).toBeUndefined();
    expect(readDay(cellOf(61), 1900)).toBe('1900-03-01');
    expect(readDay(cellOf(43_863), 1900)).toBe('2020-02-02');
  });

  test('counts from 1904 in a workbook of an old Mac', () => {
    expect(readDay(cellOf(43_863 - 1_462), 1904)).toBe('2020-02-02');
  });

  test('may carry a time of day', () => {
    expect(readDay(cellOf(43_863.999), 1900)).toBe('2020-02-02');
  });

  test.each([0, -1, 3_000_000, Number.NaN])('%d is no day', (serial) => {
    expect(readDay({ kind: 'NUMBER', value: serial }, 1900)).toBeUndefined();
  });
});

test('a day is the same however it is written', () => {
  const epoch = Date.UTC(1899, 11, 30);
  fc.assert(
    fc.property(fc.integer({ min: 61, max: 80_000 }), (serial) => {
      const iso = new Date(epoch + serial * 86_400_000).toISOString().slice(0, 10);
      const [year, month, day] = iso.split('-');
      for (const written of [serial, `${day}/${month}/${year}`, `${Number(day)}-${Number(month)}-${year}`, iso]) {
        expect(readDay(cellOf(written), 1900)).toBe(iso);
      }
    }),
  );
});
