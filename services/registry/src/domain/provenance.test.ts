import { expect, test } from 'vitest';
import { spellOut } from './provenance.ts';

const first = { fileName: 'C1-HocSinh.xlsx', fileSha256: 'a'.repeat(64), at: new Date('2026-11-21T02:00:00Z'), by: 'principal@79000701' };

test('each field names the file it came from', () => {
  const second = { ...first, fileName: 'C1-HocSinh (2).xlsx' };
  const sources = new Map([
    ['one', first],
    ['two', second],
  ]);
  expect(spellOut({ fullName: 'two', code: 'one' }, sources)).toEqual([
    { field: 'fullName', ...second },
    { field: 'code', ...first },
  ]);
});

test('a field without a known source says nothing rather than something wrong', () => {
  expect(spellOut({ fullName: 'lost', code: undefined }, new Map([['one', first]]))).toEqual([]);
});
