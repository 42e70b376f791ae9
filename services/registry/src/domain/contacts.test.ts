import { describe, expect, test } from 'vitest';
import { linesOf } from '../../test/lines.ts';
import { contactColumns, readContacts } from './contacts.ts';
import { openTable } from './table.ts';

const headings = ['Mã học sinh', 'Họ tên người giám hộ', 'Quan hệ', 'Điện thoại', 'Email', 'Ngôn ngữ', 'Nhận thông báo'];
const readPhone = (text: string) => (/^0\d{9}$/.test(text) ? `+84${text.slice(1)}` : undefined);

type Facts = Partial<Record<'pupil' | 'name' | 'relation' | 'phone' | 'email' | 'language' | 'wants', string>>;
const lineOf = (facts: Facts) => {
  const given = { pupil: 'C1', name: 'Phan Hữu Nam', relation: 'Mẹ', phone: '0915896980', email: '', language: 'vi', wants: 'x', ...facts };
  return [given.pupil, given.name, given.relation, given.phone, given.email, given.language, given.wants];
};

function result(lines: readonly (readonly string[])[]) {
  const table = openTable(contactColumns);
  for (const line of linesOf([headings, ...lines])) table.take(line);
  const read = table.close();
  if (!read.found) throw new Error(`Missing: ${read.missing.join(', ')}`);
  return readContacts(read, readPhone);
}

function read(...facts: Facts[]) {
  const file = result(facts.map(lineOf));
  if (!file.ok) throw new Error(file.refusal.code);
  return file.value;
}

describe('a line of the contact list', () => {
  test('states a guardian and a tie', () => {
    expect(read({ name: ' Phan  Hữu Nam'.normalize('NFD'), email: 'nam@example.vn', language: 'EN' })).toEqual({
      total: 1,
      findings: [],
      guardians: [
        {
          key: '+84915896980 phan hữu nam',
          fullName: 'Phan Hữu Nam',
          phone: '+84915896980',
          email: 'nam@example.vn',
          language: 'en',
          wantsNotices: true,
          ties: [{ rows: [2], pupil: { code: 'C1' }, relation: 'MOTHER' }],
        },
      ],
      pupils: [{ pupil: { code: 'C1' }, guardianKeys: ['+84915896980 phan hữu nam'], whole: true }],
    });
  });

  test('names a pupil without a code by the number of the temporary id', () => {
    expect(read({ pupil: 'TAM-079220000001' }).pupils[0]?.pupil).toEqual({ personNumber: '079220000001' });
  });

  test.each([
    ['Mẹ', 'MOTHER'],
    ['BỐ', 'FATHER'],
    ['cha', 'FATHER'],
    ['Ông bà', 'GRANDPARENT'],
    ['bà ngoại', 'GRANDPARENT'],
    ['Dì', 'OTHER'],
    ['', 'OTHER'],
  ])('%j is %s', (relation, expected) => {
    expect(read({ relation }).guardians[0]?.ties[0]?.relation).toBe(expected);
  });

  test.each([
    ['x', true],
    ['X', true],
    [' có', true],
    ['', false],
    ['không', false],
  ])('%j in the last column means notices: %s', (wants, expected) => {
    expect(read({ wants })).toMatchObject({ guardians: [{ wantsNotices: expected }], findings: [] });
  });

  test('that is not clear about notices is no consent', () => {
    expect(read({ wants: 'tùy' })).toMatchObject({ guardians: [{ wantsNotices: false }], findings: [{ row: 2, code: 'CONSENT_UNCLEAR' }] });
  });

  test.each([
    [{ phone: '12', email: 'a@example.vn' }, ['PHONE_MALFORMED']],
    [{ email: 'a@b' }, ['EMAIL_MALFORMED']],
    [{ email: 'a b@example.vn' }, ['EMAIL_MALFORMED']],
    [{ email: `a@${'b.'.repeat(125)}example.vn` }, ['EMAIL_MALFORMED']],
    [{ language: 'fr' }, ['LANGUAGE_UNKNOWN']],
  ] satisfies [Facts, string[]][])('with %j is taken in with a warning', (facts, codes) => {
    const { guardians, findings } = read(facts);
    expect(guardians).toHaveLength(1);
    expect(findings.map(({ code }) => code)).toEqual(codes);
  });

  test.each([
    [{ name: ' ' }, ['NAME_MISSING']],
    [{ name: 'x'.repeat(201) }, ['NAME_TOO_LONG']],
    [{ phone: '' }, ['NO_WAY_TO_REACH']],
    [{ phone: '12', email: 'x' }, ['PHONE_MALFORMED', 'EMAIL_MALFORMED', 'NO_WAY_TO_REACH']],
    [{ pupil: '' }, ['PUPIL_UNKNOWN']],
    [{ pupil: 'TAM-12' }, ['PUPIL_UNKNOWN']],
    [{ pupil: '7'.repeat(51) }, ['PUPIL_UNKNOWN']],
  ] satisfies [Facts, string[]][])('with %j cannot be used', (facts, codes) => {
    const { guardians, findings } = read(facts, { name: 'Khác', pupil: 'C2' });
    expect(guardians.map(({ fullName }) => fullName)).toEqual(['Khác']);
    expect(findings.map(({ code }) => code)).toEqual(codes);
  });
});

describe('lines of one guardian', () => {
  test('are joined: one guardian, a tie to each child', () => {
    const { guardians } = read({ pupil: 'C1' }, { pupil: 'C2', name: 'PHAN HỮU NAM' });
    expect(guardians).toHaveLength(1);
    expect(guardians[0]?.ties.map(({ pupil }) => pupil)).toEqual([{ code: 'C1' }, { code: 'C2' }]);
  });

  test('that differ are told, the first stands, and who asked only once has not asked', () => {
    const { guardians, findings } = read({ pupil: 'C1', email: 'a@example.vn' }, { pupil: 'C2', email: 'b@example.vn', wants: '' });
    expect(guardians[0]).toMatchObject({ email: 'a@example.vn', wantsNotices: false });
    expect(findings).toEqual([{ row: 3, code: 'GUARDIAN_DIFFERS' }]);
  });

  test('that only repeat themselves make one tie', () => {
    expect(read({}, {}).guardians[0]?.ties).toEqual([{ rows: [2, 3], pupil: { code: 'C1' }, relation: 'MOTHER' }]);
  });
});

describe('more than there can be', () => {
  const office = (count: number) => Array.from({ length: count }, (_, i) => ({ pupil: `C${i}`, name: 'Văn phòng' }));
  const crowd = (count: number) => Array.from({ length: count }, (_, i) => ({ pupil: 'C1', name: `Người thứ ${i}` }));

  test('pupils of one guardian: every row of theirs is held, and nothing of those pupils ends', () => {
    expect(read(...office(200))).toMatchObject({ guardians: [{ fullName: 'Văn phòng' }], findings: [] });
    const { guardians, findings, pupils } = read(...office(201), { pupil: 'C1', name: 'Phan Lan' });
    expect(guardians.map(({ fullName }) => fullName)).toEqual(['Phan Lan']);
    expect(findings).toEqual(Array.from({ length: 201 }, (_, i) => ({ row: i + 2, code: 'TOO_MANY_WARDS' })));
    expect(pupils.every(({ whole }) => !whole)).toBe(true);
  });

  test('guardians of one pupil: every row of the pupil is held', () => {
    expect(read(...crowd(20)).findings).toEqual([]);
    const { guardians, findings, pupils } = read(...crowd(21), { pupil: 'C2' });
    expect(guardians).toHaveLength(1);
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['TOO_MANY_GUARDIANS']));
    expect(findings).toHaveLength(21);
    expect(pupils).toMatchObject([{ whole: false }, { whole: true }]);
  });
});

test('a pupil with a line that cannot be used is not whole, so that nothing ends by a typing error', () => {
  expect(read({}, { name: '' }, { pupil: 'C2' }).pupils).toMatchObject([{ whole: false }, { whole: true }]);
});

test('remarks below the list are no contacts, and a list of nothing else is refused', () => {
  expect(result([lineOf({}), ['Danh sách có 1 người']])).toMatchObject({ value: { total: 1 } });
  expect(result([['Danh sách trống']])).toEqual({ ok: false, refusal: { code: 'ROWS_MISSING' } });
});
