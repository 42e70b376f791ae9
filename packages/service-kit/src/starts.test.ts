import { testDatabase } from '@schoolbell/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { type StartedRow, startedName } from './kit-collections.ts';
import { nextStart, openStarts, type Start, startedTooOften } from './starts.ts';

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

describe('the starts of a group', () => {
  const place = (partition: number, first = '7', last = '9') => ({ topic: 'school.test.v1', partition, first, last });
  let database: Awaited<ReturnType<typeof testDatabase>>;
  beforeEach(async () => {
    database = await testDatabase([], (session) => session);
    return database.close;
  });
  /** A member that ended, and the one that came after it. */
  const member = () => openStarts(database.db, 'test.starts');
  const rows = async () => {
    const found = await database.db.collection<StartedRow>(startedName).find().sort({ _id: 1 }).toArray();
    return found.map(({ _id, ...start }) => start);
  };

  test('of several partitions are noted together, and what a member began and outlived is not held against a message', async () => {
    const starts = member();
    for (let again = 0; again < 10; again++) {
      starts.joined('member-1');
      expect(await starts.note([place(0), place(1)])).toEqual({});
    }
    expect(await rows()).toEqual([
      { offset: '7', attempts: 1 },
      { offset: '7', attempts: 1 },
    ]);
  });

  test('grow where the group gave a member up each time: what holds a process up for longer than a session is found too', async () => {
    const starts = member();
    for (let again = 1; again <= 3; again++) {
      starts.joined(`member-${again}`);
      expect(await starts.note([place(0)])).toEqual({});
    }
    starts.joined('member-4');
    expect(await starts.note([place(0)])).toMatchObject({ suspect: { place: place(0) } });
  });

  test('grow with every member that ended, until one place is taken alone; the starts of the others stay as they were', async () => {
    for (let ends = 0; ends < 3; ends++) expect(await member().note([place(0), place(1)])).toEqual({});
    expect(await member().note([place(0), place(1)])).toMatchObject({
      suspect: { place: place(0), start: { offset: '7', attempts: 1, singlyUntil: '9' } },
    });
    expect(await rows()).toEqual([
      { offset: '7', attempts: 1, singlyUntil: '9' },
      { offset: '7', attempts: 3 },
    ]);
  });

  test.each([
    [1, 0],
    [200, 199],
    [900, 521],
  ])('find of %i messages the one at %i that ends every member, beside a partition that is well', async (messages, deadly) => {
    const chunk = 200;
    const parked: number[] = [];
    const next = [0, 0];
    let starts = member();
    let ends = 0;
    while (next.some((offset) => offset < messages)) {
      const places = [0, 1].flatMap((partition) => {
        const first = next[partition] ?? 0;
        return first < messages ? [place(partition, String(first), String(Math.min(messages, first + chunk) - 1))] : [];
      });
      const { suspect } = await starts.note(places);
      const taken = suspect ? [{ ...suspect.place, last: suspect.place.first }] : places;
      const dies = taken.some(({ partition, first, last }) => partition === 0 && Number(first) <= deadly && deadly <= Number(last));
      if (suspect && startedTooOften(suspect.start)) parked.push(Number(suspect.place.first));
      else if (dies) {
        starts = member();
        ends++;
        continue;
      }
      for (const { partition, last } of taken) next[partition] = Number(last) + 1;
    }
    expect(parked).toEqual([deadly]);
    expect(ends).toBeLessThanOrEqual(10);
  });
});
