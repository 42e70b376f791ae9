import { expect, test } from 'vitest';
import { inOrder, isError, levelOf } from './finding.ts';

test('findings come by row, and within a row always in the same order', () => {
  const findings = [
    { row: 9, code: 'NAME_MISSING' },
    { row: 2, code: 'NAME_MISSING' },
    { row: 2, code: 'TEMPORARY_ID' },
  ] as const;
  expect(inOrder(findings)).toEqual(inOrder([...findings].reverse()));
  expect(inOrder(findings).map(({ row, code }) => `${row} ${code}`)).toEqual(['2 TEMPORARY_ID', '2 NAME_MISSING', '9 NAME_MISSING']);
});

test('only an error keeps a row out', () => {
  expect(levelOf('TEMPORARY_ID')).toBe('INFO');
  expect(isError({ row: 1, code: 'LEADING_ZERO_LOST' })).toBe(false);
  expect(isError({ row: 1, code: 'PUPIL_CODE_TWICE' })).toBe(true);
});
