import { expect, test } from 'vitest';
import { onceRead } from './once-read.ts';

function shelf(books: Record<string, string[]>) {
  const asked: string[][] = [];
  const reads = onceRead<string>(async (keys) => {
    asked.push([...keys]);
    return keys.flatMap((key) => (books[key] ?? []).map((book) => [key, book] as const));
  });
  return { reads, asked };
}

test('what was read is not asked for again, and the rest of the keys is asked for together', async () => {
  const { reads, asked } = shelf({ a: ['one', 'two'], c: ['three'] });
  expect(await reads.all(['a', 'b', 'a'])).toEqual(['one', 'two']);
  expect(await reads.all(['c', 'b', 'a'])).toEqual(['three', 'one', 'two']);
  expect(asked).toEqual([['a', 'b'], ['c']]);
});

test('a key that was written to is read anew, and no other', async () => {
  const { reads, asked } = shelf({ a: ['one'] });
  await reads.all(['a', 'b']);
  reads.forget('a');
  await reads.all(['a', 'b']);
  reads.forget();
  await reads.all(['a', 'b']);
  expect(asked).toEqual([['a', 'b'], ['a'], ['a', 'b']]);
});
