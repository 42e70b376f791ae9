import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day, headings, type PupilFacts, pupilLine } from '../../test/files.ts';
import { linesOf, type Value } from '../../test/lines.ts';
import { mostRows, readRoster, rosterColumns } from './roster.ts';
import { openTable } from './table.ts';

const today = day('2026-11-21');

function readLines(table: readonly (readonly Value[])[]) {
  const reader = openTable(rosterColumns);
  for (const line of linesOf(table)) reader.take(line);
  const read = reader.close();
  if (!read.found) throw new Error(`Missing: ${read.missing.join(', ')}`);
  return readRoster(read, 1900, today);
}

function read(pupils: readonly PupilFacts[], ...below: Value[][]) {
  const result = readLines([headings, ...pupils.map((facts, i) => pupilLine(facts, i) as Value[]), ...below]);
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}

/** What is noticed about one pupil who would be in order but for these facts. */
const noticed = (facts: PupilFacts) => read([facts]).findings.map(({ code }) => code);

describe('a pupil of the workbook', () => {
  test('is read with every field tidied', () => {
    const facts = {
      name: '  Bùi\u00a0 Văn  Huy'.normalize('NFD'),
      className: ' 1A\u00a0',
      birth: 43_954,
      state: 'Đang học'.normalize('NFD'),
      sex: 'NAM ',
    };
    expect(read([facts])).toEqual({
      total: 1,
      findings: [],
      rows: [
        {
          row: 2,
          code: '79000701000001',
          personNumber: '079220000001',
          fullName: 'Bùi Văn Huy',
          birthDate: '2020-05-03',
          sex: 'MALE',
          className: '1A',
          sectorStatus: 'Đang học',
          leaves: false,
          statusSince: '2026-09-05',
        },
      ],
    });
  });

  test.each([
    [{ name: ' ' }, ['NAME_MISSING']],
    [{ className: '' }, ['CLASS_MISSING']],
    [{ sex: 'Khác?' }, ['SEX_UNKNOWN']],
    [{ sex: 'constructor' }, ['SEX_UNKNOWN']],
    [{ birth: '31/02/2018' }, ['BIRTH_DATE_IMPOSSIBLE']],
    [{ birth: undefined }, ['BIRTH_DATE_IMPOSSIBLE']],
    [{ birth: '22/11/2026' }, ['BIRTH_DATE_IMPOSSIBLE']],
    [{ birth: 2020 }, ['BIRTH_DATE_IMPOSSIBLE']],
    [{ number: undefined }, ['PERSON_NUMBER_MISSING']],
    [{ number: '0012191620' }, ['PERSON_NUMBER_MALFORMED']],
    [{ number: 79_220_000_001 }, ['LEADING_ZERO_LOST']],
    [{ number: '079320000001' }, ['PERSON_NUMBER_SEX_DIFFERS']],
    [{ number: '079219000001' }, ['PERSON_NUMBER_BIRTH_YEAR_DIFFERS']],
    [{ code: 'TAM-079220000001' }, ['TEMPORARY_ID']],
    [{ code: 'tam - 079220000001' }, ['TEMPORARY_ID']],
    [{ code: 'TAM-079220000001', number: undefined }, ['TEMPORARY_ID', 'PERSON_NUMBER_MISSING']],
    [{ code: undefined, number: undefined }, ['PERSON_NUMBER_MISSING', 'IDENTITY_MISSING']],
    [{ name: 'x'.repeat(201) }, ['NAME_TOO_LONG']],
    [{ className: `1${'A'.repeat(50)}` }, ['CLASS_TOO_LONG']],
    [{ state: 'x'.repeat(101) }, ['STATE_TOO_LONG']],
    [{ code: '7'.repeat(51) }, ['PUPIL_CODE_TOO_LONG']],
    [{ code: `TAM-${'0'.repeat(50)}` }, ['TEMPORARY_ID', 'PUPIL_CODE_TOO_LONG']],
    [{ name: '', className: '', sex: '' }, ['NAME_MISSING', 'CLASS_MISSING', 'SEX_UNKNOWN']],
  ] satisfies [PupilFacts, string[]][])('with %j is noticed for %j and nothing else', (facts, codes) => {
    expect(noticed(facts)).toEqual(codes);
  });

  test('whose values are as long as may be is taken in, and one character more is not', () => {
    const facts = { name: 'Ấ'.repeat(200).normalize('NFD'), className: `1${'A'.repeat(49)}`, state: 'x'.repeat(100), code: '7'.repeat(50) };
    expect(read([facts])).toMatchObject({ rows: [{ row: 2 }], findings: [] });
    for (const [field, value] of Object.entries(facts)) expect(read([{ ...facts, [field]: `${value}A` }]).rows).toEqual([]);
  });

  test('who has a temporary id is known by the number in it, and has no code', () => {
    const [row] = read([{ code: 'TAM-079220000001', number: undefined }]).rows;
    expect(row).toMatchObject({ personNumber: '079220000001' });
    expect(row).not.toHaveProperty('code');
  });

  test.each([
    ['Đang học', false],
    ['Chuyển đến', false],
    ['Nghỉ học xin học lại', false],
    ['', false],
    ['chuyển  ĐI', true],
    ['Thôi học'.normalize('NFD'), true],
  ])('whose state is %j has left: %s', (state, leaves) => {
    expect(read([{ state }]).rows[0]?.leaves).toBe(leaves);
  });
});

describe('rows that share what only one may have', () => {
  test('are all held, and the others are taken in', () => {
    const { rows, findings } = read([{}, { code: '79000701000001' }, {}, { number: '079220000003', code: '79000701000009' }, {}]);
    expect(rows.map(({ row }) => row)).toEqual([6]);
    expect(findings).toEqual([
      { row: 2, code: 'PUPIL_CODE_TWICE' },
      { row: 3, code: 'PUPIL_CODE_TWICE' },
      { row: 4, code: 'PERSON_NUMBER_TWICE' },
      { row: 5, code: 'PERSON_NUMBER_TWICE' },
    ]);
  });

  test('are seen through a lost zero, and through a temporary id', () => {
    expect(read([{ number: 79_220_000_077 }, { number: '079220000077' }]).rows).toEqual([]);
    expect(read([{ code: 'TAM-079220000077', number: undefined }, { number: '079220000077' }]).rows).toEqual([]);
  });

  test('are not those that share a malformed number, or nothing', () => {
    const { findings } = read([{ number: '12' }, { number: '12' }, { number: undefined }, { number: undefined }]);
    expect(findings.filter(({ code }) => code.endsWith('TWICE'))).toEqual([]);
  });
});

describe('lines that are no pupils', () => {
  test('are passed over: signatures, sums, sections, headings again, numbers in advance', () => {
    const below: Value[][] = [
      [],
      ['Lớp 1B'],
      headings,
      ['Tổng số: 1 học sinh'],
      [2],
      [undefined, undefined, 'Người lập biểu', undefined, 'Hiệu trưởng'],
      [undefined, undefined, 'Nguyễn Văn A', undefined, 'Trần Thị B'],
      [undefined, undefined, undefined, 'ngày 05 tháng 09 năm 2026'],
    ];
    expect(read([{}], ...below)).toMatchObject({ total: 1, findings: [] });
  });

  test('are not pupils with hardly anything filled in', () => {
    const { total, findings } = read([{}, { className: '', name: '', birth: '', sex: '', number: '', state: '' }]);
    expect(total).toBe(2);
    expect(findings.every(({ row }) => row === 3)).toBe(true);
  });
});

describe('a workbook that cannot be read', () => {
  test('holds headings and nothing else', () => {
    expect(readLines([headings, [], [undefined, 'Người lập biểu']])).toEqual({ ok: false, refusal: { code: 'ROWS_MISSING' } });
  });

  test('holds formulas that nobody calculated: the first is named, and nothing is read as empty', () => {
    const line = pupilLine({}, 1) as Value[];
    line[5] = { formula: true };
    expect(readLines([headings, pupilLine({}, 0) as Value[], line])).toEqual({
      ok: false,
      refusal: { code: 'FORMULA_WITHOUT_VALUE', row: 3, column: 'Trạng thái HS' },
    });
  });

  test('holds more pupils than a school has', () => {
    const lines = Array.from({ length: mostRows + 1 }, (_, i) => pupilLine({}, i) as Value[]);
    expect(readLines([headings, ...lines])).toEqual({ ok: false, refusal: { code: 'TOO_MANY_ROWS' } });
  });
});

const anyPupil: fc.Arbitrary<PupilFacts> = fc.record(
  {
    code: fc.constantFrom('79000701000001', '79000701000002', 'TAM-079220000001', ''),
    number: fc.constantFrom('079220000001', '079320000001', 79_220_000_001, '12', ''),
    name: fc.constantFrom('An', ''),
    birth: fc.constantFrom('03/05/2020', 43_954, '31/02/2018'),
    sex: fc.constantFrom('Nam', 'Nữ', '?'),
    state: fc.constantFrom('Đang học', 'Thôi học'),
  },
  { requiredKeys: [] },
);

test('the order of the rows changes nothing of what is noticed about each', () => {
  const codesByPupil = (pupils: readonly { facts: PupilFacts; i: number }[]) => {
    const lines = pupils.map(({ facts, i }) => pupilLine(facts, i) as Value[]);
    const result = readLines([headings, ...lines]);
    if (!result.ok) return result.refusal.code;
    const noticedAt = pupils.map(
      ({ i }, at) => [i, result.value.findings.filter(({ row }) => row === at + 2).map(({ code }) => code)] as const,
    );
    return noticedAt.sort(([a], [b]) => a - b);
  };
  fc.assert(
    fc.property(fc.array(anyPupil, { minLength: 1, maxLength: 12 }), fc.infiniteStream(fc.nat()), (facts, keys) => {
      const pupils = facts.map((each, i) => ({ facts: each, i }));
      const shuffled = pupils.map((pupil) => ({ pupil, key: keys.next().value })).sort((a, b) => a.key - b.key);
      expect(codesByPupil(shuffled.map(({ pupil }) => pupil))).toEqual(codesByPupil(pupils));
    }),
  );
});

test('every row is either taken in or has an error, never both', () => {
  fc.assert(
    fc.property(fc.array(anyPupil, { minLength: 1, maxLength: 12 }), (facts) => {
      const { rows, total } = read(facts);
      expect(total).toBe(facts.length);
      const numbers = rows.flatMap(({ personNumber }) => personNumber ?? []);
      const codes = rows.flatMap(({ code }) => code ?? []);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(new Set(codes).size).toBe(codes.length);
      for (const { fullName, className, code, personNumber } of rows) expect([fullName, className, code ?? personNumber]).not.toContain('');
    }),
  );
});
