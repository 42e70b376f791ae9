import { expect, test } from 'vitest';
import { cookingColumns, dryColumns, freshColumns, portioningColumns, sampleColumns } from './food-check-columns.ts';

test('the sheets have the columns in use: 26, 16 and 14', () => {
  expect(freshColumns.length + dryColumns.length).toBe(26);
  expect([cookingColumns, portioningColumns, sampleColumns].map(({ length }) => length)).toEqual([16, 14, 14]);
});

test('no two columns of a sheet are called alike', () => {
  for (const columns of [freshColumns, dryColumns, cookingColumns, portioningColumns, sampleColumns]) {
    const names = columns.map(({ title, group = '' }) => `${group} ${title}`);
    expect(new Set(names).size).toBe(names.length);
  }
});
