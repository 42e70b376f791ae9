import { describe, expect, test } from 'vitest';
import { linesOf } from '../../test/lines.ts';
import { rosterColumns } from './roster.ts';
import { mostLines, openTable } from './table.ts';

const names = ['Mã lớp', 'Họ tên', 'Ngày sinh', 'Giới tính', 'Trạng thái HS', 'Mã học sinh', 'Số định danh cá nhân', 'Dân tộc'];

describe('a table', () => {
  test('keeps only what is looked for, and the number of the line', () => {
    const table = openTable(rosterColumns);
    for (const line of linesOf([['Danh sách'], [], names, ['1A', 'An', undefined, ' ', '', '', '', 'Kinh'], [], ['1B']])) table.take(line);
    expect(table.close()).toEqual({
      found: true,
      cutOff: false,
      lines: [
        { row: 4, cells: { className: { kind: 'TEXT', text: '1A' }, fullName: { kind: 'TEXT', text: 'An' } } },
        { row: 6, cells: { className: { kind: 'TEXT', text: '1B' } } },
      ],
    });
  });

  test('of many lines loses none where the heading is settled', () => {
    const table = openTable(rosterColumns);
    const lines = linesOf([names, ...Array.from({ length: 200 }, (_, i) => [`1A${i}`, 'An'])]);
    for (const line of lines) expect(table.take(line)).toBe(true);
    const read = table.close();
    expect(read.found && read.lines.map(({ row }) => row)).toEqual(Array.from({ length: 200 }, (_, i) => i + 2));
  });

  test('without a heading near its top is not read on', () => {
    const table = openTable(rosterColumns);
    const taken = linesOf(Array.from({ length: 100 }, (_, i) => [i, 'Danh mục'])).filter((line) => table.take(line));
    expect(taken.length).toBeLessThan(60);
    expect(table.close().found).toBe(false);
  });

  test('ends where a sheet is far too long, blank lines included', () => {
    const table = openTable(rosterColumns);
    for (const line of linesOf([names, ['1A', 'An']])) table.take(line);
    let row = 2;
    while (table.take({ row, cells: [] })) row++;
    expect(row).toBe(mostLines);
    expect(table.close()).toMatchObject({ found: true, cutOff: true });
  });

  test('of nothing at all lacks every column', () => {
    const table = openTable(rosterColumns).close();
    expect(!table.found && table.missing).toHaveLength(7);
  });
});
