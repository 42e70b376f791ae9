import { randomBytes } from 'node:crypto';
import { makeTopics, testDatabase, until } from '@schoolbell/testkit';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { startTick } from './clock.ts';
import { createKafka } from './kafka.ts';
import type { InboxRow, OutboxRow } from './kit-collections.ts';
import { createLogger } from './logger.ts';
import { purge, purgeTick } from './purge.ts';

const log = createLogger('test', 'silent');
const kafka = createKafka({ brokers: inject('kafkaBrokers'), clientId: 'purge-test' }, log);
const group = 'test.heard';
const kafkaAnswersMs = 60_000;
const now = new Date('2026-09-05T00:00:00Z');
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
const idFrom = (days: number): string => uuidv7({ msecs: daysAgo(days).getTime() });

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase([], (session) => session);
beforeEach(async () => {
  database = await open();
});
afterEach(() => database.close());

interface Kept {
  readonly topic?: number;
  readonly parked?: number;
}

/** A topic and its parked topic, which keep so many days; -1 is for ever. Segments take a day, and clocks may differ by one. */
async function newTopic({ topic: days = 30, parked = 365 }: Kept = {}): Promise<string> {
  const topic = `test.${randomBytes(5).toString('hex')}`;
  const config = (kept: number) => [
    { name: 'retention.ms', value: String(kept === -1 ? -1 : kept * 86_400_000) },
    { name: 'segment.ms', value: String(86_400_000) },
  ];
  await makeTopics(inject('kafkaBrokers'), [
    { topic, numPartitions: 1, configEntries: config(days) },
    { topic: `${topic}.parked.${group}`, numPartitions: 1, configEntries: config(parked) },
  ]);
  return topic;
}

function run(topic: string, { days = 90, listens = true }: { days?: number; listens?: boolean } = {}): Promise<number> {
  const listeners = listens ? [{ topic, group }] : [];
  return purge({ db: database.db, kafka, topic, listeners, days, log, now: () => now, kafkaAnswersMs }, new AbortController().signal);
}

type Marks = Pick<OutboxRow, 'pending' | 'sentAt'>;

async function publish(...rows: (Marks & { made: number })[]): Promise<void> {
  const documents = rows.map(({ made, ...row }, version): OutboxRow => {
    const at = daysAgo(made);
    return { _id: idFrom(made), schoolId: 's', type: 't', key: `${made}`, version, at, payload: Buffer.from('x'), ...row };
  });
  await database.db.collection<OutboxRow>('outbox').insertMany(documents);
}

async function mark(...rows: { made: number; applied?: number; of?: string; parked?: string }[]): Promise<void> {
  const documents = rows.map(({ made, applied = made, of = group, ...row }): InboxRow => {
    return { _id: `${idFrom(made)}:${of}`, schoolId: 's', key: `${made}/${applied}`, version: 1, at: daysAgo(applied), ...row };
  });
  await database.db.collection<InboxRow>('inbox').insertMany(documents);
}

const left = async (name: 'outbox' | 'inbox'): Promise<string[]> =>
  (await database.db.collection<OutboxRow>(name).find().sort({ _id: 1 }).toArray()).map(({ key }) => key);

test('what is published and old goes; what is pending, younger, or was published late stays', async () => {
  const topic = await newTopic();
  await publish(
    { made: 400, pending: true },
    { made: 399, sentAt: daysAgo(399) },
    { made: 398, sentAt: daysAgo(10) },
    { made: 91, sentAt: daysAgo(91) },
    { made: 89, sentAt: daysAgo(89) },
    { made: 88, pending: true },
  );
  expect(await run(topic, { listens: false })).toBe(2);
  expect(await left('outbox')).toEqual(['400', '398', '89', '88']);
});

test('an outbox row stays while its topic holds the event, however few days are asked for', async () => {
  const topic = await newTopic({ topic: 30 });
  await publish({ made: 33, sentAt: daysAgo(33) }, { made: 31, sentAt: daysAgo(31) });
  await run(topic, { days: 1, listens: false });
  expect(await left('outbox')).toEqual(['31']);
});

test('a mark stays while Kafka can deliver its event again: as long as the parked topic and then the topic keep it', async () => {
  const topic = await newTopic({ topic: 30, parked: 365 });
  await mark({ made: 400 }, { made: 398 }, { made: 500, applied: 20 }, { made: 450, parked: 'NOT_WANTED' }, { made: 50 });
  expect(await run(topic)).toBe(2);
  expect(await left('inbox')).toEqual(['500/20', '398/398', '50/50']);
});

test.each<Kept>([{ topic: -1 }, { parked: -1 }])('of a topic that is kept for ever no mark goes: %j', async (kept) => {
  const topic = await newTopic(kept);
  await mark({ made: 4_000 });
  await publish({ made: 4_000, sentAt: daysAgo(4_000) });
  await run(topic);
  expect(await left('inbox')).toEqual(['4000/4000']);
  expect(await left('outbox')).toEqual(kept.topic === -1 ? ['4000'] : []);
});

test('the marks of another group are not touched, though its name begins or ends alike', async () => {
  const topic = await newTopic();
  await mark({ made: 500, of: `${group}.more` }, { made: 499, of: `x${group}` }, { made: 498, of: 'testxheard' }, { made: 497 });
  await mark({ made: 496, of: `${group}:${idFrom(496)}` });
  expect(await run(topic)).toBe(2);
  expect(await left('inbox')).toEqual(['500/500', '499/499', '498/498']);
});

test('more than one portion goes in one run, and nothing when it is told to stop', async () => {
  const topic = await newTopic();
  await publish(...Array.from({ length: 1_201 }, () => ({ made: 300, sentAt: daysAgo(300) })));
  const options = { db: database.db, kafka, topic, listeners: [], days: 90, log, now: () => now, kafkaAnswersMs };
  expect(await purge(options, AbortSignal.abort())).toBe(0);
  expect(await purge(options, new AbortController().signal)).toBe(1_201);
});

test('the tick of a service purges by itself', async () => {
  const topic = await newTopic();
  await publish({ made: 100, pending: true }, { made: 99, sentAt: daysAgo(99) });
  const ticking = startTick(
    purgeTick({ db: database.db, kafka, topic, listeners: [{ topic, group }], days: 90, log, now: () => now, kafkaAnswersMs }),
    log,
  );
  // Nobody waits here for its hour.
  ticking.wake();
  await until(async () => (await left('outbox')).length === 1);
  await ticking.stop();
  expect(await left('outbox')).toEqual(['100']);
});

test('nothing goes when Kafka does not say how long it keeps', async () => {
  await mark({ made: 4_000 });
  await publish({ made: 4_000, sentAt: daysAgo(4_000) });
  await expect(run('test.no-such-topic')).rejects.toThrow();
  const away = createKafka({ brokers: ['127.0.0.1:9'], clientId: 'purge-test' }, log);
  const options = { db: database.db, kafka: away, topic: 'test', listeners: [], days: 90, log };
  await expect(purge(options, new AbortController().signal)).rejects.toThrow();
  expect([await left('outbox'), await left('inbox')]).toEqual([['4000'], ['4000/4000']]);
});
