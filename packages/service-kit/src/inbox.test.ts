import { err, ok } from '@schoolbell/kernel';
import { type TestDatabase, testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventMeta } from './cloud-events.ts';
import { applyEvents, type InboxTx, listener } from './inbox.ts';

type Noted = { readonly noted: string[] };
let database: TestDatabase<InboxTx<Noted>>;
const noted: string[] = [];
beforeAll(async () => {
  database = await testDatabase([], (session) => ({ session, tx: { noted } }));
});
afterAll(() => database.close());

const schoolId = crypto.randomUUID();
const meta = (id: string = crypto.randomUUID()): EventMeta => {
  const at = new Date();
  return { id, type: 'school.test.v1.Said', schoolId, key: 'k', version: 1, occurredAt: at, announcedAt: at };
};
const body = (text: string) => new TextEncoder().encode(text);
const words = listener({
  topic: 'school.test.v1',
  group: 'test.words',
  decode: (bytes: Uint8Array) => {
    const text = new TextDecoder().decode(bytes);
    if (text === 'broken') throw new TypeError('no word');
    return text;
  },
  handle: async (tx: Noted, word) => {
    tx.noted.push(word);
    return word === 'refused' ? err({ code: 'REFUSED' }) : ok(undefined);
  },
  readAhead: async (tx: Noted, ahead) => void tx.noted.push(`ahead of ${ahead.map(({ event }) => event).join(', ')}`),
});
const apply = async (...texts: string[]) => {
  noted.length = 0;
  const received = texts.map((text) => ({ meta: meta(), body: body(text) }));
  return { outcome: await applyEvents(database.transact, words, received), said: [...noted] };
};

test('what several events need is read once before the first of them, and one alone needs no such trip', async () => {
  expect((await apply('a', 'b', 'c')).said).toEqual(['ahead of a, b, c', 'a', 'b', 'c']);
  expect((await apply('a')).said).toEqual(['a']);
});

test('reading ahead leaves out bytes that are no event: they are refused when their turn comes', async () => {
  const { outcome, said } = await apply('a', 'broken', 'c');
  expect(said).toEqual(['ahead of a, c', 'a']);
  expect(outcome).toMatchObject({ ok: false, refusal: { code: 'BAD_BYTES' } });
});

test('an event that was seen is left out, also where it stands twice among those at hand', async () => {
  const twice = { meta: meta(), body: body('once') };
  noted.length = 0;
  expect(await applyEvents(database.transact, words, [twice, twice])).toEqual({ ok: true, applied: 1 });
  expect(await applyEvents(database.transact, words, [twice])).toEqual({ ok: true, applied: 0 });
  expect(noted.filter((word) => word === 'once')).toHaveLength(1);
});
