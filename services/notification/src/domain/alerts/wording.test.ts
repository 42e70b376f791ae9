import { vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { moneyText, oneLine, timeText } from './wording.ts';

test('money is written as people write it', () => {
  expect([0n, 1n, 999n, 1_000n, 1_250_000n, -50_000n, 12_345_678_901n].map((amount) => moneyText(vnd(amount), 'vi'))).toEqual([
    '0 ₫',
    '1 ₫',
    '999 ₫',
    '1.000 ₫',
    '1.250.000 ₫',
    '-50.000 ₫',
    '12.345.678.901 ₫',
  ]);
  expect(moneyText(vnd(1_250_000n), 'en')).toBe('1,250,000 VND');
});

test("a time is written in Vietnam's time, across midnight too", () => {
  expect(timeText(new Date('2026-11-20T16:59:00Z'))).toBe('20/11/2026 23:59');
  expect(timeText(new Date('2026-12-31T17:00:00Z'))).toBe('01/01/2027 00:00');
});

test('text from outside stays on one line and reads from left to right', () => {
  expect(oneLine('  Bùi\r\nBcc: x\u2028y\u202Eabc\u0000d\u00a0e ')).toBe('Bùi Bcc: x yabc d e');
});
