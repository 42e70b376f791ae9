import { expect, test } from 'vitest';
import { texts } from './texts.ts';

test('both languages have the same texts with the same facts', () => {
  const flat = (tree: object, path = ''): [string, string][] =>
    Object.entries(tree).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string'
        ? [[`${path}${key}`, [...value.matchAll(/\{\{\w+\}\}/g)].map(String).sort().join()]]
        : flat(value, `${path}${key}.`),
    );
  expect(flat(texts.en)).toEqual(flat(texts.vi));
});
