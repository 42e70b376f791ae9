import { expect, test } from 'vitest';
import { fold, foldHeading, tidy } from './text.ts';

test('decomposed and composed letters are the same text', () => {
  expect(tidy('Nguyễn Thị Hồng'.normalize('NFD'))).toBe('Nguyễn Thị Hồng'.normalize('NFC'));
});

test('spaces of any kind count as one and vanish at the ends', () => {
  expect(tidy('  Bùi\u00a0 Văn\t\r\nHuy\u3000')).toBe('Bùi Văn Huy');
});

test('what cannot be seen is not there', () => {
  expect(tidy('\ufeff79\u200b000\u00ad701\u200e')).toBe('79000701');
  expect(tidy('\u200b \u00a0')).toBe('');
});

test('upper and lower case are the same when comparing', () => {
  expect(fold(' CHUYỂN  ĐI ')).toBe(fold('chuyển đi'));
});

test.each([
  'Ngày sinh (*)\n(dd/mm/yyyy)',
  'NGÀY SINH',
  'Ngày  sinh*',
  'Ngày sinh\r\ndd/mm/yyyy',
  'Ngày sinh'.normalize('NFD'),
  'ngay sinh:',
  'Ngày sinh [bắt buộc]',
])('%j names the birth date', (heading) => {
  expect(foldHeading(heading)).toBe('ngay sinh');
});

test('letters with a stroke lose it like any other accent', () => {
  expect(foldHeading('Số định danh cá nhân')).toBe('so dinh danh ca nhan');
});
