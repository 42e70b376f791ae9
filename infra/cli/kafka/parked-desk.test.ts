import { randomBytes } from 'node:crypto';
import { ok } from '@schoolbell/kernel';
import {
  createKafka,
  createLogger,
  createPublisher,
  defineCollection,
  type InboxTx,
  type KafkaClient,
  listener,
  type Message,
  type Session,
  type Stored,
  startListener,
  startRelay,
} from '@schoolbell/service-kit';
import { makeTopics, readTopic, testDatabase, until } from '@schoolbell/testkit';
import mongoose from 'mongoose';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { openParkedDesk, type ParkedDesk, type ParkedEvent } from './parked-desk.ts';

interface Heard extends Stored {
  group: string;
  text: string;
}
const heardDef = defineCollection<Heard>(
  'heard',
  new mongoose.Schema({ group: { type: String, required: true }, text: { type: String, required: true } }),
);
type Tx = InboxTx<Session>;

const log = createLogger('test', 'silent');
const schoolId = 'school-a';
const closing: (() => Promise<unknown>)[] = [];
let database: Awaited<ReturnType<typeof testDatabase<Tx>>>;
let kafka: KafkaClient;
let publisher: ReturnType<typeof createPublisher>;
let desk: ParkedDesk;
let topic: string;
/** Texts that listeners refuse, and every look at one: a transaction that runs again looks again. */
let refused: Set<string>;
let looks: string[];

beforeAll(async () => {
  kafka = createKafka({ brokers: inject('kafkaBrokers'), clientId: 'parked-test' }, log);
  publisher = createPublisher(kafka);
  desk = await openParkedDesk({ brokers: inject('kafkaBrokers') });
});
beforeEach(async () => {
  database = await testDatabase([heardDef], (session) => ({ session, tx: session }));
  topic = `test.${randomBytes(5).toString('hex')}`;
  refused = new Set();
  looks = [];
  const parked = ['test.first', 'test.second'].map((group) => ({ topic: `${topic}.parked.${group}`, numPartitions: 2 }));
  await makeTopics(inject('kafkaBrokers'), [{ topic, numPartitions: 3 }, ...parked]);
  return async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await database.close();
  };
});
afterAll(async () => {
  await desk.close();
  await publisher.close();
});

const first = () => `${topic}.parked.test.first`;

function start(...groups: string[]): void {
  const { db, transact } = database;
  const relay = startRelay({ db, kafka, topic, source: '/schoolbell/test', holder: 'one', log });
  closing.push(relay.stop);
  for (const group of groups) {
    const heard = listener<Session, string>({
      topic,
      group,
      decode: (body) => Buffer.from(body).toString(),
      handle: async (tx, text) => {
        looks.push(`${group} ${text}`);
        if (refused.has(`${group} ${text}`)) return { ok: false, refusal: { code: 'NOT_WANTED' } };
        tx.collection(heardDef).insert({ _id: tx.newId(), group, text });
        return ok('heard');
      },
    });
    closing.push(startListener({ kafka, db, transact, listener: heard, log, onFatal: () => undefined }).stop);
  }
}

const emit = (...texts: string[]) =>
  database.transact({ schoolId }, async ({ session }) => {
    for (const text of texts) session.emit({ type: 'school.test.v1.Said', key: 'k1', payload: Buffer.from(text) });
  });

const heard = async (group: string) => (await database.db.collection<Heard>('heard').find({ group }).toArray()).map(({ text }) => text);

/** Everything before it was taken by then: it has the same key. */
async function emitAndWait(text: string, ...groups: string[]): Promise<void> {
  await emit(text);
  for (const group of groups) await until(async () => (await heard(group)).includes(text));
}

const looksAt = (text: string) => looks.filter((look) => look === text).length;

async function events(at = first()): Promise<ParkedEvent[]> {
  return (await desk.read({ at, whole: true })).events;
}

const waiting = async (at = first()) => (await events(at)).filter(({ done }) => !done);

test('a refused event is listed with its cause; given back, it is applied once and no other group hears it again', async () => {
  const begun = Date.now();
  refused.add('test.first bad');
  start('test.first', 'test.second');
  await emit('good', 'bad');
  await emitAndWait('after', 'test.first', 'test.second');
  const [parked, ...others] = await waiting();
  expect(others).toEqual([]);
  expect(parked).toMatchObject({ group: 'test.first', cause: 'NOT_WANTED', attempts: 1, bytes: 3, offsets: ['0'], origin: { topic } });
  expect(parked?.meta).toMatchObject({ type: 'school.test.v1.Said', schoolId, key: 'k1', version: 2 });
  expect(Date.parse(parked?.parkedAt ?? '')).toBeGreaterThanOrEqual(begun);
  expect(await waiting(`${topic}.parked.test.second`)).toEqual([]);

  refused.clear();
  const before = looksAt('test.second bad');
  expect(await desk.retry(parked ? [parked] : [], 'an operator')).toEqual({ ok: true, value: 'given back' });
  await emitAndWait('end', 'test.first', 'test.second');
  expect(await heard('test.first')).toEqual(['good', 'after', 'bad', 'end']);
  expect(await heard('test.second')).toEqual(['good', 'bad', 'after', 'end']);
  expect(looksAt('test.second bad')).toBe(before);
  const [given, ...more] = await events();
  expect(more).toEqual([]);
  expect(given?.done).toMatchObject({ how: 'retried', by: 'an operator' });
  const rows = await database.db
    .collection<{ _id: string; at: Date; parked?: unknown; parkedAt?: Date }>('inbox')
    .find({ _id: { $regex: parked?.meta?.id ?? '' } })
    .toArray();
  expect(rows.filter((row) => row.parked !== undefined)).toEqual([]);
  const late = rows.filter(({ parkedAt }) => parkedAt !== undefined);
  expect(late.map(({ at, parkedAt = at }) => parkedAt < at)).toEqual([true]);
});

test('an event that was applied meanwhile is not applied again, however often it is given back', async () => {
  refused.add('test.first bad');
  start('test.first');
  await emit('bad');
  await emitAndWait('after', 'test.first');
  const parked = await waiting();
  refused.clear();
  await desk.retry(parked, 'one operator');
  await desk.retry(parked, 'another operator');
  await emitAndWait('between', 'test.first');
  await desk.retry(parked, 'a third one');
  await emitAndWait('end', 'test.first');
  expect(await heard('test.first')).toEqual(['after', 'bad', 'between', 'end']);
  expect(await waiting()).toEqual([]);
});

test('an event that fails again waits again, and a repeat of the same copy is not even tried', async () => {
  refused.add('test.first bad');
  start('test.first');
  await emit('bad');
  await emitAndWait('after', 'test.first');
  await desk.retry(await waiting(), 'an operator');
  await emitAndWait('again', 'test.first');
  const [again, ...others] = await waiting();
  expect(others).toEqual([]);
  expect(again?.offsets).toHaveLength(2);

  refused.clear();
  const before = looksAt('test.first bad');
  const copies = (await readTopic(inject('kafkaBrokers'), topic)).filter(({ headers }) => headers['parked-retry'] === 'test.first');
  expect(copies).toHaveLength(1);
  await publisher.send(
    topic,
    copies.map(({ key, value, headers }) => ({ key, value, headers })),
  );
  await emitAndWait('repeat', 'test.first');
  expect(looksAt('test.first bad')).toBe(before);

  await desk.retry(await waiting(), 'an operator');
  await emitAndWait('end', 'test.first');
  expect(await heard('test.first')).toEqual(['after', 'again', 'repeat', 'bad', 'end']);
  expect(await waiting()).toEqual([]);
});

test('a discarded event waits no more, keeps its reason, and a repeat of it is dropped', async () => {
  refused.add('test.first bad');
  start('test.first');
  await emit('bad');
  await emitAndWait('after', 'test.first');
  await desk.discard(await waiting(), 'an operator', 'a test of the vendor');
  expect(await waiting()).toEqual([]);
  expect((await events())[0]?.done).toMatchObject({ how: 'discarded', by: 'an operator', reason: 'a test of the vendor' });

  refused.clear();
  const [original] = (await readTopic(inject('kafkaBrokers'), topic)).filter(({ value }) => value.toString() === 'bad');
  await publisher.send(topic, original ? [{ key: original.key, value: original.value, headers: original.headers }] : []);
  await emitAndWait('end', 'test.first');
  expect(await heard('test.first')).toEqual(['after', 'end']);
});

test('what is no event can be discarded and not given back', async () => {
  start('test.first');
  await publisher.send(topic, [
    { key: 'k1', value: 'no event at all' },
    { key: 'k1', value: null },
  ]);
  await emitAndWait('after', 'test.first');
  const parked = await waiting();
  expect(parked.map(({ cause, meta }) => ({ cause, meta }))).toEqual([
    { cause: 'NOT_AN_EVENT', meta: undefined },
    { cause: 'NOT_AN_EVENT', meta: undefined },
  ]);
  expect(await desk.retry(parked, 'an operator')).toEqual({ ok: false, refusal: { code: 'NOT_AN_EVENT' } });
  await desk.discard(parked.slice(0, 1), 'an operator', 'garbage');
  expect(await waiting()).toEqual(parked.slice(1));
});

test('a done record closes what was seen and not what was parked after that', async () => {
  const bad = record(1, { 'parked-offset': '7', 'parked-error': 'RangeError: too short' });
  await publisher.send(first(), [bad]);
  const seen = await waiting();
  await publisher.send(first(), [bad]);
  await desk.discard(seen, 'an operator', 'too late');
  expect(await waiting()).toMatchObject([{ offsets: ['0', '1'], error: 'RangeError: too short' }]);
});

test('a bounded read takes the newest records, tells how many it left out, and shows nothing as waiting that does not', async () => {
  await publisher.send(
    first(),
    [1, 2, 3, 4].map((version) => record(version)),
  );
  const [oldest] = await waiting();
  await desk.discard(oldest ? [oldest] : [], 'an operator', 'old');
  const { events: some, unread } = await desk.read({ at: first(), most: 3 });
  expect(unread).toBe(2);
  expect(some.map(({ meta }) => meta?.version)).toEqual([3, 4]);
  expect(some.every(({ value }) => value === undefined)).toBe(true);
});

test('many events are given back in the order of their aggregate, as they were announced', async () => {
  const count = 250;
  const records = Array.from({ length: count }, (_, index) => record(count - index, { 'x-own': 'kept' }, 2_000));
  for (let from = 0; from < count; from += 50) await publisher.send(first(), records.slice(from, from + 50));
  await desk.retry(await waiting(), 'an operator');
  const copies = await readTopic(inject('kafkaBrokers'), topic);
  expect(copies.map(({ headers }) => Number(headers.ce_aggregateversion))).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  const [{ headers, key, value } = { headers: {}, key: '', value: Buffer.alloc(0) }] = copies;
  const own = { 'x-own': 'kept', 'parked-retry': 'test.first', 'parked-retry-id': expect.any(String) };
  expect({ headers, key, bytes: value.length }).toEqual({ headers: { ...eventHeaders(1), ...own }, key: 'k1', bytes: 2_000 });
  expect(await waiting()).toEqual([]);
});

function eventHeaders(version: number): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: `event-${version}`,
    ce_type: 'school.test.v1.Said',
    ce_time: '2026-11-20T01:00:00.000Z',
    ce_schoolid: schoolId,
    ce_aggregateversion: String(version),
  };
}

/** As a group parks it. */
function record(version: number, more: Record<string, string> = {}, bytes = 3): Message {
  const parked = { 'parked-cause': 'NOT_WANTED', 'parked-attempts': '1', 'parked-at': new Date(version).toISOString() };
  return { key: 'k1', value: Buffer.alloc(bytes), headers: { ...eventHeaders(version), ...parked, ...more } };
}
