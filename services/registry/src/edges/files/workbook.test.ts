import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day, headings, type PupilFacts, pupilLine, rosterOf } from '../../../test/files.ts';
import { type BuiltCell, type BuiltSheet, buildWorkbook, type WorkbookStyle, zip } from '../../../test/workbook.ts';
import { levelOf } from '../../domain/finding.ts';
import { readWorkbook } from './workbook.ts';

const today = day('2026-11-21');
const school = new URL('../../../../../infra/demo/school/', import.meta.url);

function read(bytes: Uint8Array) {
  const result = readWorkbook(bytes, today);
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}
const refusal = (bytes: Uint8Array) => {
  const result = readWorkbook(bytes, today);
  return result.ok ? 'read' : result.refusal;
};

const pupils: PupilFacts[] = [{}, { name: '  Bùi\u00a0 Huy '.normalize('NFD') }, { birth: 43_863 }];
const lines = [headings, ...pupils.map(pupilLine)];
const roster: BuiltSheet = { name: 'C1-HocSinh', lines };
const plain = read(buildWorkbook([roster]));

describe('the sample of the ministry', () => {
  const file = read(readFileSync(new URL('C1-HocSinh.xlsx', school)));
  const key = JSON.parse(readFileSync(new URL('C1-HocSinh.key.json', school), 'utf8'));

  test('is read with the totals of its key', () => {
    const left = file.rows.filter(({ leaves }) => leaves).length;
    const totals = { rows: file.total, enrolled: file.rows.length - left, refused: file.total - file.rows.length, left };
    const { rows, enrolled, refused, left: keyLeft, classes } = key;
    expect(totals).toEqual({ rows, enrolled, refused, left: keyLeft });
    expect(new Set(file.rows.map(({ className }) => className)).size).toBe(classes);
  });

  test('is read with the findings of its key, no more and no less', () => {
    const byRow = new Map<number, { code: string; level: string }[]>();
    for (const { row, code } of file.findings) byRow.set(row, [...(byRow.get(row) ?? []), { code, level: levelOf(code).toLowerCase() }]);
    expect([...byRow].map(([row, findings]) => ({ row, findings }))).toEqual(key.findings);
  });

  test('gives the same day for a date as text, as a serial and as an Excel date', () => {
    const birth = new Map(file.rows.map(({ row, birthDate }) => [row, birthDate]));
    expect(birth.get(6)).toBe('2020-05-03');
    expect(birth.get(11)).toBe('2020-02-02');
    expect(file.rows.every(({ birthDate }) => birthDate > '2017' && birthDate < '2021')).toBe(true);
  });
});

describe('a workbook is read by what it says', () => {
  test.each<[string, WorkbookStyle]>([
    ['shared strings, as Excel saves it', { sharedStrings: true }],
    ['a prefix before every name', { prefix: 'x' }],
    ['both', { prefix: 'x', sharedStrings: true }],
  ])('written with %s', (_, style) => {
    expect(read(buildWorkbook([roster], style))).toEqual(plain);
  });

  test('with columns in any order, titles above, blank lines between and a signature below', () => {
    const order = [8, 3, 0, 7, 5, 1, 6, 2, 4];
    const turned = lines.map((line) => order.map((i) => line[i]));
    const dressed = [
      ['SỞ GIÁO DỤC VÀ ĐÀO TẠO'],
      [],
      ...turned.slice(0, 2),
      [],
      ...turned.slice(2),
      [],
      [undefined, 'Người lập biểu', undefined, 'Hiệu trưởng'],
    ];
    const { rows, findings, total } = read(buildWorkbook([{ name: 'Sheet1', lines: dressed }]));
    expect({ total, findings }).toEqual({ total: plain.total, findings: [] });
    expect(rows.map(({ row: _, ...row }) => row)).toEqual(plain.rows.map(({ row: _, ...row }) => row));
    expect(rows.map(({ row }) => row)).toEqual([4, 6, 7]);
  });

  test('among sheets of codes, before or behind them', () => {
    const codes: BuiltSheet = {
      name: 'DM01',
      lines: [['Mã', 'Tên'], ...Array.from({ length: 200 }, (_, i): BuiltCell[] => [i, `Danh mục ${i}`])],
    };
    expect(read(buildWorkbook([codes, roster, codes]))).toEqual(plain);
  });

  test('and a hidden sheet of last year is not', () => {
    const old: BuiltSheet = { name: 'Cũ', hidden: true, lines: [headings, ...Array.from({ length: 9 }, (_, i) => pupilLine({}, i + 20))] };
    expect(read(buildWorkbook([old, roster]))).toEqual(plain);
  });

  test('and so is a sheet with an example, when the pupils stand in another', () => {
    expect(read(buildWorkbook([{ name: 'Mẫu', lines: lines.slice(0, 2) }, roster]))).toEqual(plain);
  });

  test('of an old Mac, whose days count from 1904', () => {
    const shifted = [headings, pupilLine({ birth: 43_863 - 1_462 }, 0)];
    expect(read(buildWorkbook([{ name: 'a', lines: shifted }], { date1904: true })).rows[0]?.birthDate).toBe('2020-02-02');
  });

  test('where formulas have their values, by these', () => {
    const formulas = lines.map((line, i) =>
      i === 0 ? line : line.map((cell): BuiltCell => (cell === undefined ? cell : { formula: 'A1', value: cell as string | number })),
    );
    expect(read(buildWorkbook([{ name: 'a', lines: formulas }]))).toEqual(plain);
  });

  test('where a formula came to nothing or to an error, as an empty cell', () => {
    const file = rosterOf([{ name: { formula: 'IF(1=1,"",0)', value: '' } }, { className: { error: '#N/A' } }]);
    expect(read(file).findings).toEqual([
      { row: 2, code: 'NAME_MISSING' },
      { row: 3, code: 'CLASS_MISSING' },
    ]);
  });

  test('with a page pasted into one cell: that row is not taken in, and the others are', () => {
    const { rows, findings } = read(rosterOf([{}, { name: 'Trang này quá dài. '.repeat(25_000) }, {}]));
    expect(findings).toEqual([{ row: 3, code: 'NAME_TOO_LONG' }]);
    expect(rows.map(({ row }) => row)).toEqual([2, 4]);
  });

  test('with text in pieces, readings and escapes', () => {
    const pieces =
      '<is><r><t>Bùi </t></r><r><rPr><b/></rPr><t xml:space="preserve">Thanh_x000D_ </t></r><rPh sb="0" eb="1"><t>ブイ</t></rPh><r><t><![CDATA[Giang]]></t></r></is>';
    const file = buildWorkbook([{ name: 'a', lines: [headings, pupilLine({ name: 'HERE' }, 0)] }], {
      change: (xml) => xml.replace(/<is><t[^>]*>HERE<\/t><\/is>/, pieces),
    });
    expect(read(file).rows[0]?.fullName).toBe('Bùi Thanh Giang');
  });

  test('whose lines and cells do not say where they stand', () => {
    const file = buildWorkbook([roster], {
      change: (xml) => xml.replaceAll(/ r="[A-Z]*\d+"/g, ''),
    });
    expect(read(file)).toEqual(plain);
  });

  test('whatever the order of the columns', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 }), (order) => {
        expect(read(buildWorkbook([{ name: 'a', lines: lines.map((line) => order.map((i) => line[i])) }]))).toEqual(plain);
      }),
      { numRuns: 20 },
    );
  });
});

interface Defect {
  readonly facts: PupilFacts;
  readonly codes: readonly string[];
}
/** What may be wrong with one row, and what must be noticed about it: written down without the reader. */
const defects: readonly Defect[] = [
  { facts: {}, codes: [] },
  { facts: { name: ' \u00a0' }, codes: ['NAME_MISSING'] },
  { facts: { className: undefined }, codes: ['CLASS_MISSING'] },
  { facts: { sex: '?' }, codes: ['SEX_UNKNOWN'] },
  { facts: { birth: '30/02/2020' }, codes: ['BIRTH_DATE_IMPOSSIBLE'] },
  { facts: { number: '07922' }, codes: ['PERSON_NUMBER_MALFORMED'] },
  { facts: { number: undefined }, codes: ['PERSON_NUMBER_MISSING'] },
  { facts: { birth: '3-5-2021' }, codes: ['PERSON_NUMBER_BIRTH_YEAR_DIFFERS'] },
  { facts: { sex: 'NỮ'.normalize('NFD') }, codes: ['PERSON_NUMBER_SEX_DIFFERS'] },
  { facts: { birth: 43_954 }, codes: [] },
  { facts: { state: 'Thôi học' }, codes: [] },
];

test('of ten thousand rows with seeded defects all are found and none is made up', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(defects.length - 1), { minLength: 10_000, maxLength: 10_000, size: 'max' }),
      fc.boolean(),
      (seeds, sharedStrings) => {
        const chosen = seeds.map((seed) => defects[seed]!);
        const sheet = [headings, ...chosen.map(({ facts }, i) => pupilLine(facts, i))];
        const { findings, total, rows } = read(buildWorkbook([{ name: 'a', lines: sheet }], { sharedStrings }));
        const expected = chosen.flatMap(({ codes }, i) => codes.map((code) => ({ row: i + 2, code })));
        expect(total).toBe(10_000);
        expect(findings).toEqual(expected);
        expect(rows).toHaveLength(
          chosen.filter(({ codes }) => codes.every((code) => code.startsWith('PERSON_NUMBER_') && !code.endsWith('MALFORMED'))).length,
        );
      },
    ),
    { numRuns: 2 },
  );
});

describe('a file that cannot be taken is refused clearly', () => {
  test('an empty one', () => {
    expect(refusal(new Uint8Array())).toEqual({ code: 'FILE_EMPTY' });
  });

  test.each([
    ['text', Buffer.from('Mã học sinh,Họ tên\n')],
    ['a zip of something else', zip({ 'hello.txt': 'hello' })],
    ['a zip that was cut off', buildWorkbook([roster]).subarray(0, 900)],
    ['only the first letters of a zip', Buffer.from('PK\x03\x04')],
    ['a workbook with broken XML', buildWorkbook([roster], { change: () => '<worksheet><sheetData><row>' })],
    ['a workbook that is not UTF-8', zip({ 'xl/workbook.xml': Uint8Array.from([0x3c, 0x61, 0xff, 0x3e]) })],
  ])('%s', (_, bytes) => {
    expect(refusal(bytes)).toEqual({ code: 'NOT_A_WORKBOOK' });
  });

  test.each(['x', '', '-1', '0', '1.5', '1e3', '1048577', '1000000000000000', '2'])(
    'a workbook with row %j where row 3 stands',
    (number) => {
      const file = buildWorkbook([roster], { change: (xml) => xml.replace('<row r="3">', `<row r="${number}">`) });
      expect(refusal(file)).toEqual({ code: 'NOT_A_WORKBOOK' });
    },
  );

  test('but not one whose last line is the last that a sheet can have', () => {
    const file = buildWorkbook([roster], { change: (xml) => xml.replace('<row r="4">', '<row r="1048576">') });
    expect(read(file).rows.map(({ row }) => row)).toEqual([2, 3, 1_048_576]);
  });

  test('an old or locked one', () => {
    expect(refusal(Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]))).toEqual({ code: 'OLD_OR_LOCKED_WORKBOOK' });
  });

  test('one without the needed columns, and they are named', () => {
    const without = lines.map((line) => line.filter((_, i) => i !== 1 && i !== 7));
    expect(
      refusal(
        buildWorkbook([
          { name: 'DM01', lines: [['Mã', 'Tên']] },
          { name: 'a', lines: without },
        ]),
      ),
    ).toEqual({
      code: 'COLUMNS_MISSING',
      columns: 'Mã lớp, Mã học sinh',
    });
  });

  test('one without sheets, or without anything in them', () => {
    const all = 'Mã lớp, Họ tên, Ngày sinh, Giới tính, Trạng thái HS, Mã học sinh, Số định danh cá nhân';
    expect(refusal(buildWorkbook([{ name: 'a', lines: [] }]))).toEqual({ code: 'COLUMNS_MISSING', columns: all });
    expect(refusal(buildWorkbook([]))).toMatchObject({ code: 'COLUMNS_MISSING' });
  });

  test('one of nothing but formulas that nobody calculated', () => {
    const formulas = [headings, ...lines.slice(1).map((line) => line.map((): BuiltCell => ({ formula: '1+1' })))];
    expect(refusal(buildWorkbook([{ name: 'a', lines: formulas }]))).toMatchObject({ code: 'FORMULA_WITHOUT_VALUE', row: 2 });
  });

  test('one of 100,000 blank rows, with pupils above them or without', () => {
    const blank = Array.from({ length: 100_000 }, (_, i) => `<row r="${i + 10}"><c r="A${i + 10}" s="1"/></row>`).join('');
    const withBlank = (sheet: BuiltSheet) =>
      buildWorkbook([sheet], {
        change: (xml) => xml.replace('</sheetData>', `${blank}</sheetData>`),
      });
    expect(refusal(withBlank(roster))).toEqual({ code: 'TOO_MANY_LINES' });
    expect(refusal(withBlank({ name: 'a', lines: [] }))).toMatchObject({ code: 'COLUMNS_MISSING' });
  });
});

describe('a zip bomb does no harm', () => {
  test('when it says how large it is', () => {
    expect(refusal(withDeclaredSize(buildWorkbook([roster]), 900_000_000))).toEqual({ code: 'UNPACKS_TOO_LARGE' });
  });

  test('when it is too good to be true', () => {
    expect(refusal(zip({ 'xl/workbook.xml': ' '.repeat(20_000_000) }))).toEqual({ code: 'UNPACKS_TOO_LARGE' });
  });

  test('when it lies: no more is unpacked than it said', () => {
    const bomb = buildWorkbook([roster], { change: (xml) => xml + ' '.repeat(20_000_000) });
    expect(refusal(withDeclaredSize(bomb, 1_000))).toEqual({ code: 'NOT_A_WORKBOOK' });
  });

  test('when it is many small ones', () => {
    expect(refusal(zip(Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`part${i}`, '']))))).toEqual({
      code: 'UNPACKS_TOO_LARGE',
    });
  });

  test('when it is made of entities', () => {
    const laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><workbook>&b;</workbook>';
    expect(refusal(zip({ 'xl/workbook.xml': laughs }))).toEqual({ code: 'NOT_A_WORKBOOK' });
  });
});

/** The zip with another unpacked size written into its directory, for its largest entry. */
function withDeclaredSize(archive: Uint8Array, size: number): Uint8Array {
  const bytes = Buffer.from(archive);
  let largest = -1;
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4)) {
    if (largest < 0 || bytes.readUInt32LE(at + 24) > bytes.readUInt32LE(largest + 24)) largest = at;
  }
  bytes.writeUInt32LE(size, largest + 24);
  return bytes;
}
