import { expect, test } from 'vitest';
import { isBlank, textOf } from './sheet.ts';

test('a long number reads as its digits', () => {
  expect(textOf({ kind: 'NUMBER', value: 79_000_701_000_001 })).toBe('79000701000001');
});

test('a cell of spaces is blank, a formula without a value is not', () => {
  expect(isBlank(undefined)).toBe(true);
  expect(isBlank({ kind: 'TEXT', text: ' \u00a0 ' })).toBe(true);
  expect(isBlank({ kind: 'NUMBER', value: 0 })).toBe(false);
  expect(isBlank({ kind: 'FORMULA' })).toBe(false);
  expect(textOf({ kind: 'FORMULA' })).toBe('');
});
