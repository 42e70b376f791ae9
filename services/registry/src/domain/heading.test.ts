import { describe, expect, test } from 'vitest';
import { linesOf, type Value } from '../../test/lines.ts';
import { findHeading } from './heading.ts';
import { rosterColumns } from './roster.ts';

const names = [
  'Mã lớp (*)',
  'Họ tên (*)',
  'Ngày sinh (*)\n(dd/mm/yyyy)',
  'Giới tính',
  'Trạng thái HS',
  'Mã học sinh',
  'Số định danh cá nhân',
];
const pupil: Value[] = ['1A', 'Bùi Thanh Giang', '03/05/2020', 'Nữ', 'Đang học', '79000701000001', '092320538096'];

function found(table: readonly (readonly Value[])[]) {
  const heading = findHeading(linesOf(table), rosterColumns);
  if (!heading.found) throw new Error(`Missing: ${heading.missing.join(', ')}`);
  return { lines: heading.lines, at: Object.fromEntries(heading.at) };
}

describe('the heading', () => {
  test('is found below titles, in any order of columns', () => {
    const order = [6, 2, 0, 4, 1, 5, 3];
    const { lines, at } = found([
      ['SỞ GIÁO DỤC VÀ ĐÀO TẠO'],
      ['DANH SÁCH HỌC SINH NĂM HỌC 2026-2027'],
      ['STT', ...order.map((i) => names[i])],
      ['1', ...order.map((i) => pupil[i])],
    ]);
    expect(lines).toBe(3);
    expect(at).toEqual({ ordinal: 0, personNumber: 1, birthDate: 2, className: 3, sectorStatus: 4, fullName: 5, code: 6, sex: 7 });
  });

  test('is found in other letters: decomposed, upper case, without accents', () => {
    expect(found([names.map((name) => name.normalize('NFD').toUpperCase())]).lines).toBe(1);
    expect(found([['ma lop', 'ho ten', 'ngay sinh', 'gioi tinh', 'trang thai HS', 'ma hoc sinh', 'so dinh danh ca nhan']]).lines).toBe(1);
  });

  test('may stand in several lines, with names merged over them', () => {
    const { lines, at } = found([
      ['Mã lớp', 'Thông tin học sinh', undefined, undefined, 'Trạng thái HS', 'Mã học sinh', 'Số định danh'],
      [undefined, 'Họ tên', 'Ngày sinh', 'Giới tính', undefined, undefined, 'cá nhân'],
      ['(1)', '(2)', '(3)', '(4)', '(5)', '(6)', '(7)'],
      pupil,
    ]);
    expect(lines).toBe(3);
    expect(at).toMatchObject({ className: 0, fullName: 1, personNumber: 6 });
  });

  test('of the pupil is not taken for that of a parent', () => {
    const groups = ['Thông tin mẹ', undefined, undefined, 'Thông tin học sinh'];
    const { at } = found([groups, ['Họ tên', 'Ngày sinh', 'Số định danh cá nhân', ...names]]);
    expect(at).toMatchObject({ fullName: 4, birthDate: 5, personNumber: 9 });
  });

  test('that lacks a column says which', () => {
    const without = names.filter((name) => !/Mã học sinh|Giới tính/.test(name));
    expect(findHeading(linesOf([['Danh sách'], without, pupil]), rosterColumns)).toEqual({
      found: false,
      missing: ['Giới tính', 'Mã học sinh'],
    });
  });

  test('is not made up from a line of groups', () => {
    const groups = ['Lớp', 'Học sinh', 'Học sinh', 'Học sinh', 'Trạng thái', 'Học sinh', 'Học sinh'];
    const heading = findHeading(linesOf([groups, names.map((name, i) => (i === 0 ? undefined : name)), pupil]), rosterColumns);
    expect(heading).toEqual({ found: false, missing: ['Mã lớp'] });
  });

  test('is missed whole in a sheet of codes', () => {
    const heading = findHeading(
      linesOf([
        ['Mã', 'Tên'],
        [1, 'Danh mục 1.1'],
        [2, 'Danh mục 1.2'],
      ]),
      rosterColumns,
    );
    expect(heading.found || heading.missing).toHaveLength(7);
    expect(findHeading([], rosterColumns).found).toBe(false);
  });
});
