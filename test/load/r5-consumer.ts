import { randomBytes } from 'node:crypto';
import { listeners } from '@schoolbell/notification/src/edges/listen.ts';
import { collections } from '@schoolbell/notification/src/store/indexes.ts';
import { type NotificationTx, notificationTx } from '@schoolbell/notification/src/tx.ts';
import {
  createKafka,
  createLogger,
  createTransact,
  databaseOf,
  ensureCollections,
  type InboxTx,
  kitCollections,
  openConnection,
  startListener,
  type Transact,
} from '@schoolbell/service-kit';
import { makeTopics } from '@schoolbell/testkit';
import kafkajs from 'kafkajs';
import { type Db, type Document, MongoClient } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import { type Bench, type Row, ratioRow, type World } from './bench.ts';
import { partitions, type RosterEvent, rosterEvents } from './r5-events.ts';
import { alternate, estimate, type Measured, median } from './statistics.ts';

const registryListener = listeners.find(({ group }) => group === 'notification.registry');
const log = createLogger('bench', 'warn');
const all = [...kitCollections, ...collections];
// As many messages as the consumer takes into one piece of work.
const chunkSize = 200;

/** R5: events of registry applied by notification's listener per second, against the bare driver doing the same batched writes without Kafka. */
export const r5: Bench = { name: 'R5', engines: 'APART', run };

async function run(world: World): Promise<Row[]> {
  const events = rosterEvents(world.short ? 24_000 : 60_000);
  const topic = `bench.registry.${randomBytes(4).toString('hex')}`;
  await preload(world, topic, events);
  const [own, floors] = [await openRoster(world, 'bench_r5'), await openRoster(world, 'bench_r5_floor')];
  try {
    const subject = async (): Promise<Measured> => {
      await own.empty();
      const measured = await consume(world, own, topic, events.length);
      await assertApplied(own.db, events);
      return measured;
    };
    await subject();
    const made = await readAll(own.db);
    const floor = async (): Promise<Measured> => {
      await floors.empty();
      const measured = await writeByHand(floors, events, made);
      await assertApplied(floors.db, events);
      if ((await readAll(floors.db)).size !== made.size) throw new Error('The floor wrote other documents');
      return measured;
    };
    const paired = await alternate(world.short ? 5 : 9, floor, subject);
    const figures = { floor: median(paired.floor), subject: median(paired.subject), ratio: estimate(paired.ratios) };
    const invariants = 'I4; each event applied once, each with its document';
    return [ratioRow({ name: 'R5', what: 'consumer effects', unit: 'events/s', must: 0.6, ...figures, invariants })];
  } finally {
    await Promise.all([own.close(), floors.close()]);
  }
}

interface Roster {
  readonly client: MongoClient;
  readonly db: Db;
  /** The database as the kit's consumer has it. */
  readonly kitDb: ReturnType<typeof databaseOf>;
  readonly transact: Transact<InboxTx<NotificationTx>>;
  empty(): Promise<void>;
  close(): Promise<void>;
}

async function openRoster({ mongoUri: uri }: World, database: string): Promise<Roster> {
  const connection = await openConnection({ uri, database });
  await ensureCollections(connection, all);
  const client = await MongoClient.connect(uri, { writeConcern: durable, maxPoolSize: partitions, minPoolSize: partitions });
  const db = client.db(database);
  const { transact } = createTransact<InboxTx<NotificationTx>>({
    connection,
    makeTx: (session) => ({ session, tx: notificationTx(session) }),
  });
  return {
    client,
    db,
    kitDb: databaseOf(connection),
    transact,
    empty: async () => {
      for (const { name } of all) await db.collection(name).drop();
      await ensureCollections(connection, all);
    },
    close: async () => {
      await client.close();
      await connection.close();
    },
  };
}

/** From the first transaction to the last; joining the group is no part of it. A new group each time reads the topic from its beginning. */
async function consume({ brokers }: World, { kitDb, transact }: Roster, topic: string, count: number): Promise<Measured> {
  if (!registryListener) throw new Error('Notification does not listen to registry');
  const kafka = createKafka({ brokers, clientId: 'bench-r5' }, log);
  const done = Promise.withResolvers<void>();
  let [from, until, applied] = [0, 0, 0];
  const counting: typeof transact = async (scope, useCase) => {
    from ||= performance.now();
    const result = await transact(scope, useCase);
    applied += (result as { applied?: number }).applied ?? 0;
    until = performance.now();
    if (applied >= count) done.resolve();
    return result;
  };
  const listener = { ...registryListener, topic, group: `bench.${uuidv7()}` };
  const listening = startListener({ kafka, db: kitDb, transact: counting, listener, log, onFatal: done.reject });
  await done.promise;
  await listening.stop();
  return { units: count, seconds: (until - from) / 1_000 };
}

const durable = { w: 'majority', journal: true } as const;

const projections = ['students', 'guardians'] as const;

interface Made extends Document {
  readonly _id: string;
  readonly schoolId: string;
  readonly version: number;
}

interface Projected {
  readonly collection: string;
  readonly document: Made;
}

/** What the events have come to, by the key of each. */
async function readAll(db: Db): Promise<ReadonlyMap<string, Projected>> {
  const made = new Map<string, Projected>();
  for (const collection of projections) {
    for (const document of await db.collection<Made>(collection).find().toArray()) made.set(document._id, { collection, document });
  }
  return made;
}

interface Batch {
  readonly inbox: readonly Document[];
  /** By collection. */
  readonly upserts: ReadonlyMap<string, readonly Made[]>;
}

/**
 * The floor: per partition one transaction after the other, each with the events of one school out of 200 messages, as the consumer
 * must do it, written the way the bare driver is fastest: one unordered insertMany of marks, without looking first, and one unordered
 * bulk of upserts for each collection, which leave a newer document alone. Everything is decoded and grouped before the clock runs.
 */
async function writeByHand(
  { client, db }: Roster,
  events: readonly RosterEvent[],
  made: ReadonlyMap<string, Projected>,
): Promise<Measured> {
  const lanes = Array.from({ length: partitions }, (_, partition) =>
    batchesOf(
      events.filter((event) => event.partition === partition),
      made,
    ),
  );
  const from = performance.now();
  await Promise.all(
    lanes.map(async (batches) => {
      for (const batch of batches) await writeBatch(client, db, batch);
    }),
  );
  return { units: events.length, seconds: (performance.now() - from) / 1_000 };
}

function batchesOf(events: readonly RosterEvent[], made: ReadonlyMap<string, Projected>): Batch[] {
  const batches: Batch[] = [];
  for (let at = 0; at < events.length; at += chunkSize) {
    for (const group of Map.groupBy(events.slice(at, at + chunkSize), ({ schoolId }) => schoolId).values()) {
      const inbox = group.map(({ id, schoolId, key }) => ({ _id: `${id}:bench.${schoolId}`, schoolId, key, version: 1, at: new Date() }));
      const upserts = new Map<string, Made[]>();
      for (const { key } of group) {
        const projected = made.get(key);
        if (!projected) throw new Error(`Nothing came of the event of ${key}`);
        const { collection, document } = projected;
        upserts.set(collection, [...(upserts.get(collection) ?? []), document]);
      }
      batches.push({ inbox, upserts });
    }
  }
  return batches;
}

async function writeBatch(client: MongoClient, db: Db, { inbox, upserts }: Batch): Promise<void> {
  const session = client.startSession();
  try {
    const options = { readConcern: { level: 'snapshot' }, writeConcern: durable, readPreference: 'primary' } as const;
    await session.withTransaction(async () => {
      await db.collection('inbox').insertMany([...inbox], { session, ordered: false });
      for (const [name, documents] of upserts) {
        const writes = documents.map((document) => ({ updateOne: { filter: idOf(document), update: newest(document), upsert: true } }));
        await db.collection<Made>(name).bulkWrite(writes, { session, ordered: false });
      }
    }, options);
  } finally {
    await session.endSession();
  }
}

function idOf({ _id, schoolId }: Made): Pick<Made, '_id' | 'schoolId'> {
  return { _id, schoolId };
}

function newest(document: Made): Document[] {
  return [{ $replaceWith: { $cond: [{ $gte: ['$version', document.version] }, '$$ROOT', { $literal: document }] } }];
}

async function preload({ brokers }: World, topic: string, events: readonly RosterEvent[]): Promise<void> {
  const kafka = createKafka({ brokers, clientId: 'bench-r5' }, log);
  await makeTopics(brokers, [{ topic, numPartitions: partitions }]);
  const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  for (let at = 0; at < events.length; at += 500) {
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: events.slice(at, at + 500).map(messageOf) }] });
  }
  await producer.disconnect();
}

function messageOf({ id, schoolId, type, key, payload, partition }: RosterEvent): kafkajs.Message {
  return {
    key,
    partition,
    value: Buffer.from(payload),
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: '/schoolbell/registry',
      ce_type: type,
      ce_time: new Date().toISOString(),
      ce_partitionkey: key,
      ce_schoolid: schoolId,
      ce_aggregateversion: '1',
      'content-type': 'application/protobuf',
      traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
    },
  };
}

/** Each event has its mark, and each key its document. */
async function assertApplied(db: Db, events: readonly RosterEvent[]): Promise<void> {
  const marks = await db.collection('inbox').countDocuments();
  if (marks !== events.length) throw new Error(`${marks} of ${events.length} events are marked as applied`);
  const made = await readAll(db);
  const missing = events.filter(({ key, schoolId }) => made.get(key)?.document.schoolId !== schoolId);
  if (missing.length > 0 || made.size !== events.length) throw new Error(`${missing.length} events have no document`);
}
