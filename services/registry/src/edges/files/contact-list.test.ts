import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contactHeadings, contactsOf } from '../../../test/files.ts';
import { readContactList } from './contact-list.ts';

const school = new URL('../../../../../infra/demo/school/', import.meta.url);

function read(bytes: Uint8Array) {
  const result = readContactList(bytes);
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}
const refusal = (bytes: Uint8Array) => {
  const result = readContactList(bytes);
  return result.ok ? 'read' : result.refusal;
};
const line = '79000701000001,Phan Hữu Nam,Mẹ,0915896980,nam@example.vn,vi,x';

describe('the sample list', () => {
  const file = read(readFileSync(new URL('phu-huynh.csv', school)));

  test('is read whole', () => {
    expect(file).toMatchObject({ total: 1_681, findings: [] });
    expect(file.guardians).toHaveLength(1_681);
    expect(file.pupils).toHaveLength(1_031);
    expect(file.guardians.filter(({ wantsNotices }) => wantsNotices)).toHaveLength(1_566);
    expect(file.guardians.filter(({ language }) => language === 'en')).toHaveLength(93);
  });

  test('has every number in one spelling', () => {
    expect(file.guardians.every(({ phone }) => /^\+849\d{8}$/.test(phone ?? ''))).toBe(true);
  });
});

describe('a phone number', () => {
  test.each(['0915896980', '0915 896 980', '0915.896.980', '+84915896980', '84915896980', '+84 (0)915 896 980', '915896980'])(
    '%s is one number',
    (phone) => {
      expect(read(contactsOf([line.replace('0915896980', phone)])).guardians[0]?.phone).toBe('+84915896980');
    },
  );

  test('of another country keeps its country', () => {
    expect(read(contactsOf([line.replace('0915896980', '+82 10-1234-5678')])).guardians[0]?.phone).toBe('+821012345678');
  });

  test.each(['12', 'không có', '0915896'])('%s is none', (phone) => {
    expect(read(contactsOf([line.replace('0915896980', phone)])).findings).toEqual([{ row: 2, code: 'PHONE_MALFORMED' }]);
  });
});

describe('a list is read however it was saved', () => {
  const expected = read(contactsOf([line]));

  test.each([
    ['without the mark in front', Buffer.from(`${contactHeadings}\n${line}\n`)],
    ['with semicolons', Buffer.from(`${contactHeadings}\n${line}\n`.replaceAll(',', ';'))],
    ['with tabs in UTF-16', Buffer.from(`\ufeff${contactHeadings}\r\n${line}\r\n`.replaceAll(',', '\t'), 'utf16le')],
    [
      'with quotes',
      Buffer.from(
        `${contactHeadings}\n${line
          .split(',')
          .map((text) => `"${text}"`)
          .join(',')}\n`,
      ),
    ],
    ['decomposed', Buffer.from(`${contactHeadings}\n${line}\n`.normalize('NFD'))],
    ['with columns in another order', Buffer.from([contactHeadings, line].map((text) => text.split(',').reverse().join(',')).join('\n'))],
  ])('%s', (_, bytes) => {
    expect(read(bytes)).toEqual(expected);
  });

  test('and counts lines as an editor does', () => {
    const { guardians, findings } = read(
      Buffer.from(`Trường Hoa Phượng\n\n${contactHeadings}\n${line}\n\n79000701000002,,,,,,\n79000701000003,Lan,,,,,\n`),
    );
    expect(guardians[0]?.ties[0]?.rows).toEqual([4]);
    expect(findings).toEqual([{ row: 7, code: 'NO_WAY_TO_REACH' }]);
  });
});

describe('a file that cannot be taken is refused clearly', () => {
  test('an empty one', () => {
    expect(refusal(new Uint8Array())).toEqual({ code: 'FILE_EMPTY' });
    expect(refusal(Buffer.from('\ufeff \r\n'))).toEqual({ code: 'FILE_EMPTY' });
  });

  test.each([
    ['a workbook', readFileSync(new URL('C1-HocSinh.xlsx', school))],
    ['another encoding', Buffer.from([0x4d, 0xe3, 0x20, 0x68])],
    ['a quote that never ends', Buffer.from(`${contactHeadings}\n"${'a,'.repeat(60_000)}`)],
  ])('%s', (_, bytes) => {
    expect(refusal(bytes)).toEqual({ code: 'NOT_A_CONTACT_LIST' });
  });

  test('one without a column, and it is named', () => {
    const without = [contactHeadings, line].map((text) => text.split(',').slice(0, 6).join(','));
    expect(refusal(Buffer.from(without.join('\n')))).toEqual({ code: 'COLUMNS_MISSING', columns: 'Nhận thông báo' });
  });

  test('one without contacts', () => {
    expect(refusal(contactsOf([]))).toEqual({ code: 'ROWS_MISSING' });
  });
});
