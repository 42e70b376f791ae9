import { randomBytes } from 'node:crypto';
import { ok } from '@schoolbell/kernel';
import { makeTopics, readTopic, testDatabase, until } from '@schoolbell/testkit';
import type { IHeaders } from 'kafkajs';
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { EventMeta } from './cloud-events.ts';
import { startListener } from './consumer.ts';
import { defineCollection, type Stored } from './documents.ts';
import { type InboxTx, listener } from './inbox.ts';
import { createKafka, createPublisher, type KafkaClient } from './kafka.ts';
import { leasesName, outboxRows, startedName } from './kit-collections.ts';
import { createLogger } from './logger.ts';
import { startRelay } from './relay.ts';
import type { Session } from './session.ts';

interface Heard extends Stored {
  text: string;
  key: string;
  version: number;
}
const heardDef = defineCollection<Heard>(
  'heard',
  new mongoose.Schema({
    text: { type: String, required: true },
    key: { type: String, required: true },
    version: { type: Number, required: true },
  }),
);
type Tx = InboxTx<Session>;
const makeTx = (session: Session): Tx => ({ session, tx: session });

const log = createLogger('test', 'silent');
const schoolId = 'school-a';
const closing: (() => Promise<unknown>)[] = [];
let database: Awaited<ReturnType<typeof testDatabase<Tx>>>;
let kafka: KafkaClient;
beforeAll(async () => {
  database = await testDatabase([heardDef], makeTx);
  kafka = createKafka({ brokers: inject('kafkaBrokers'), clientId: 'relay-test' }, log);
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  await database.close();
});

async function newTopic(group: string): Promise<string> {
  const topic = `test.${randomBytes(5).toString('hex')}`;
  await makeTopics(inject('kafkaBrokers'), [
    { topic, numPartitions: 3 },
    { topic: `${topic}.parked.${group}`, numPartitions: 1 },
  ]);
  return topic;
}

function relay(topic: string, holder = 'one') {
  const started = startRelay({ db: database.db, kafka, topic, source: '/schoolbell/test', holder, log });
  closing.push(started.stop);
  return started;
}

type Handle = (tx: Session, text: string, meta: EventMeta) => ReturnType<Parameters<typeof listener<Session, string>>[0]['handle']>;

const remember: Handle = async (tx, text, meta) => {
  tx.collection(heardDef).insert({ _id: tx.newId(), text, key: meta.key, version: meta.version });
  return ok('heard');
};

const text = (body: Uint8Array): string => Buffer.from(body).toString();

function listen(topic: string, group: string, handle: Handle = remember, decode = text, woken?: (tick: string) => void) {
  const options = { kafka, db: database.db, transact: database.transact, log, onFatal: () => undefined, ...(woken && { wake: woken }) };
  const started = startListener({
    ...options,
    listener: listener<Session, string>({ topic, group, decode, handle, ...(woken && { wakes: ['letters'] }) }),
  });
  closing.push(started.stop);
  return started;
}

const emit = (key: string, ...texts: string[]) =>
  database.transact({ schoolId }, async ({ session }) => {
    for (const text of texts) session.emit({ type: 'school.test.v1.Said', key, payload: Buffer.from(text) });
  });

const heard = (text: RegExp) => database.db.collection<Heard>('heard').find({ text }).sort({ _id: 1 }).toArray();

test('what is committed is heard once and in the order of its aggregate', async () => {
  const group = 'test.order';
  const topic = await newTopic(group);
  const started = relay(topic);
  for (const key of ['k1', 'k2', 'k3']) await emit(key, `order ${key} a`, `order ${key} b`);
  await emit('k1', 'order k1 c');
  started.bell();
  listen(topic, group);
  const all = await until(async () => {
    const found = await heard(/^order/);
    return found.length === 7 && found;
  });
  for (const key of ['k1', 'k2', 'k3']) {
    const versions = all.filter((one) => one.key === key).map(({ version }) => version);
    expect(versions).toEqual([...versions].sort());
    expect(new Set(versions).size).toBe(versions.length);
  }
  await until(async () => (await database.db.collection('outbox').countDocuments({ pending: true })) === 0);
  await started.stop();
});

test('rows of one key that commit while others are read still come in order, and a batch is cut to what a broker takes', async () => {
  const group = 'test.size';
  const topic = await newTopic(group);
  const large = 'x'.repeat(3_000);
  for (let portion = 0; portion < 8; portion++)
    await emit('s1', ...Array.from({ length: 100 }, (_, at) => `size ${portion} ${at} ${large}`));
  const started = relay(topic);
  for (let late = 0; late < 40; late++) await emit('s1', `size late ${late}`);
  await until(async () => (await database.db.collection('outbox').countDocuments({ pending: true })) === 0);
  const versions = (await readTopic(inject('kafkaBrokers'), topic)).map(({ headers }) => Number(headers.ce_aggregateversion));
  expect(versions).toEqual(Array.from({ length: 840 }, (_, at) => at + 1));
  await started.stop();
});

test('the tick that a listener names is woken when what it applies is committed', async () => {
  const group = 'test.wakes';
  const topic = await newTopic(group);
  const started = relay(topic);
  await emit('w1', 'wakes');
  const found = new Promise((resolve) => {
    listen(topic, group, remember, text, (tick) => void heard(/^wakes/).then((rows) => rows.length > 0 && resolve([tick, rows.length])));
  });
  expect(await found).toEqual(['letters', 1]);
  await started.stop();
});

test('a relay with nothing to bring takes no lease, and brings what a sibling committed', async () => {
  const own = await testDatabase([heardDef], makeTx);
  closing.push(own.close);
  const topic = await newTopic('test.idle');
  const started = startRelay({ db: own.db, kafka, topic, source: '/schoolbell/test', holder: 'one', log });
  closing.push(started.stop);
  const looks = async () => {
    const indexes = await own.db.collection(outboxRows.name).aggregate<{ accesses: { ops: bigint } }>([{ $indexStats: {} }]);
    return (await indexes.toArray()).reduce((sum, { accesses }) => sum + Number(accesses.ops), 0);
  };
  const before = await looks();
  await until(async () => (await looks()) > before + 3);
  expect(await own.db.collection(leasesName).countDocuments()).toBe(0);
  // Nobody rings its bell.
  await own.transact({ schoolId }, async ({ session }) =>
    session.emit({ type: 'school.test.v1.Said', key: 'k1', payload: Buffer.from('a') }),
  );
  await until(async () => (await own.db.collection('outbox').countDocuments({ pending: true })) === 0);
  expect(await own.db.collection(leasesName).countDocuments()).toBe(1);
});

test('two relays of one service publish every event, and a repeat is applied once', async () => {
  const group = 'test.repeat';
  const topic = await newTopic(group);
  const relays = [relay(topic, 'first'), relay(topic, 'second')];
  await emit('r1', 'repeat 1', 'repeat 2');
  await until(async () => (await database.db.collection('outbox').countDocuments({ pending: true })) === 0);
  await database.db.collection('outbox').updateMany({ key: 'r1' }, { $set: { pending: true } });
  await until(async () => (await database.db.collection('outbox').countDocuments({ pending: true })) === 0);
  await emit('r1', 'repeat end');
  listen(topic, group);
  await until(async () => (await heard(/^repeat end/)).length > 0);
  expect((await heard(/^repeat/)).map(({ text }) => text)).toEqual(['repeat 1', 'repeat 2', 'repeat end']);
  for (const started of relays) await started.stop();
});

test('a poison message is parked with its cause and the others of its batch are applied', async () => {
  const group = 'test.poison';
  const topic = await newTopic(group);
  await emit('p1', 'poison before', 'poison THROWS', 'poison REFUSED', 'poison after');
  const started = relay(topic);
  await until(async () => (await database.db.collection('outbox').countDocuments({ pending: true })) === 0);
  const publisher = createPublisher(kafka);
  await publisher.send(topic, [{ key: 'p1', value: 'no event at all' }]);
  await publisher.close();
  await emit('p1', 'poison end');
  listen(topic, group, async (tx, text, meta) => {
    if (text.endsWith('THROWS')) throw new TypeError('cannot');
    if (text.endsWith('REFUSED')) return { ok: false, refusal: { code: 'NOT_WANTED' } };
    return remember(tx, text, meta);
  });
  await until(async () => (await heard(/^poison end/)).length > 0);
  expect((await heard(/^poison/)).map(({ text }) => text)).toEqual(['poison before', 'poison after', 'poison end']);
  expect(await parkedCauses(`${topic}.parked.${group}`, 3)).toEqual(['1 NOT_AN_EVENT', '1 NOT_WANTED', '5 TypeError: cannot']);
  await started.stop();
});

test('bytes that are no such message are parked at the first try, with what was wrong with them and nobody named', async () => {
  const group = 'test.bytes';
  const topic = await newTopic(group);
  const started = relay(topic);
  await emit('b1', 'bytes before', 'bytes BAD', 'bytes end');
  let tries = 0;
  listen(topic, group, remember, (body) => {
    if (!text(body).endsWith('BAD')) return text(body);
    tries++;
    throw new RangeError('index out of range: 9 > 3, for 0912345678, an.nguyen@example.vn');
  });
  await until(async () => (await heard(/^bytes end/)).length > 0);
  expect((await heard(/^bytes/)).map((one) => one.text)).toEqual(['bytes before', 'bytes end']);
  expect(await parkedCauses(`${topic}.parked.${group}`, 1)).toEqual(['1 BAD_BYTES RangeError: index out of range: 9 > 3, for #, …@…']);
  // Once among the others, once alone.
  expect(tries).toBeLessThanOrEqual(2);
  await started.stop();
});

test('a relay says that events do not reach Kafka when Kafka does not take them, and not when only MongoDB is away', async () => {
  const own = await testDatabase([heardDef], makeTx);
  closing.push(own.close);
  const event = { type: 'school.test.v1.Said', key: 'k1', payload: Buffer.from('a') };
  await own.transact({ schoolId }, async ({ session }) => session.emit(event));
  const common = { kafka, source: '/schoolbell/test', holder: 'one' };
  const unheard = startRelay({ ...common, db: own.db, topic: 'test.no-such-topic', log });
  closing.push(unheard.stop);
  await until(async () => !unheard.healthy());
  await unheard.stop();

  const lines: string[] = [];
  const heardLog = createLogger('test', 'warn', { write: (text) => lines.push(text) });
  const topic = await newTopic('test.cut');
  const away = { failCommands: ['find', 'findAndModify'], closeConnection: true, appName: own.db.databaseName };
  await own.db.admin().command({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data: away });
  closing.push(() => own.db.admin().command({ configureFailPoint: 'failCommand', mode: 'off' }));
  const cut = startRelay({ ...common, db: own.db, topic, log: heardLog });
  closing.push(cut.stop);
  await until(async () => lines.some((each) => JSON.parse(each).failures === 4));
  expect(cut.healthy()).toBe(true);
});

test('a message that ended the process each time it was begun is parked', async () => {
  const group = 'test.crash';
  const topic = await newTopic(group);
  await emit('c1', 'crash first', 'crash second');
  const started = relay(topic);
  await until(async () => (await database.db.collection('outbox').countDocuments({ pending: true })) === 0);
  for (const partition of [0, 1, 2]) {
    const begun = { _id: `${group}:${topic}:${partition}`, offset: '0', attempts: 5, singlyUntil: '1' };
    await database.db.collection<typeof begun>(startedName).insertOne(begun);
  }
  listen(topic, group);
  await until(async () => (await heard(/^crash second/)).length > 0);
  expect((await heard(/^crash/)).map(({ text }) => text)).toEqual(['crash second']);
  expect(await parkedCauses(`${topic}.parked.${group}`, 1)).toEqual(['5 ENDS_THE_PROCESS']);
  await started.stop();
});

/** "<tries> <cause> <error>", the last two once where they say the same. */
function told({ 'parked-attempts': tries, 'parked-cause': cause, 'parked-error': error = '' }: IHeaders): string {
  return String(error).startsWith(`${cause}:`) ? `${tries} ${error}` : `${tries} ${cause} ${error}`.trimEnd();
}

async function parkedCauses(topic: string, count: number): Promise<string[]> {
  const consumer = kafka.consumer({ groupId: `reader.${randomBytes(4).toString('hex')}`, allowAutoTopicCreation: false });
  const causes: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message: { headers = {} } }) => void causes.push(told(headers)) });
  await until(async () => causes.length >= count);
  await consumer.disconnect();
  return causes.sort();
}
