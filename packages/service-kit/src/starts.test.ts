import { expect, test } from 'vitest';
import { nextStart, type Start, startedTooOften } from './starts.ts';

/** A consumer whose process ends at one message: how often it ends, and what it parks, until the partition is through. */
function consume(messages: number, deadly: number, chunkSize = 200) {
  let row: Start | undefined;
  let deaths = 0;
  const parked: number[] = [];
  for (let offset = 0; offset < messages; ) {
    const end = Math.min(messages, offset + chunkSize) - 1;
    row = nextStart(row, String(offset), String(end));
    if (startedTooOften(row)) {
      parked.push(offset++);
      continue;
    }
    const last = row.singlyUntil === undefined ? end : offset;
    if (offset <= deadly && deadly <= last) deaths++;
    else offset = last + 1;
  }
  return { deaths, parked };
}

test.each([
  [1, 0],
  [5, 4],
  [200, 0],
  [200, 199],
  [500, 321],
])('of %i messages the one at %i that ends the process is parked after a handful of ends, and no other', (messages, deadly) => {
  const { deaths, parked } = consume(messages, deadly);
  expect(parked).toEqual([deadly]);
  expect(deaths).toBeLessThanOrEqual(8);
});

test('a chunk that was begun and then finished is not held against the next one', () => {
  const begun = nextStart(nextStart(undefined, '0', '199'), '0', '199');
  expect(nextStart(begun, '200', '399')).toEqual({ offset: '200', attempts: 1 });
});

test('behind the end of a suspect chunk messages are taken together again', () => {
  const suspect: Start = { offset: '199', attempts: 1, singlyUntil: '199' };
  expect(nextStart(suspect, '200', '399')).toEqual({ offset: '200', attempts: 1 });
});
