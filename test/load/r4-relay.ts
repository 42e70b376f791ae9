import { randomBytes } from 'node:crypto';
import {
  createKafka,
  createLogger,
  ensureCollections,
  kitCollections,
  type OutboxRow,
  openConnection,
  outboxRows,
  startRelay,
} from '@schoolbell/service-kit';
import { makeTopics } from '@schoolbell/testkit';
import kafkajs from 'kafkajs';
import { type Collection, MongoClient } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import { type Bench, ratioRow, type World } from './bench.ts';
import { alternate, estimate, type Measured, median } from './statistics.ts';

const batch = 500;
const payload = randomBytes(200);
type Row = OutboxRow;

/** R4: outbox relay events per second (read, publish, mark) against a bare loop with the same bytes, acks and batches. */
export const r4: Bench = { name: 'R4', engines: 'APART', run };

async function run(world: World) {
  const events = world.short ? 20_000 : 60_000;
  const log = createLogger('bench', 'silent');
  const connection = await openConnection({ uri: world.mongoUri, database: 'bench_r4' });
  await ensureCollections(connection, kitCollections);
  const client = await MongoClient.connect(world.mongoUri, { promoteBuffers: true });
  const db = client.db('bench_r4');
  const kafka = createKafka({ brokers: world.brokers, clientId: 'bench-r4' }, log);
  const rows = db.collection<Row>(outboxRows.name);

  const timed = async (work: (topic: string) => Promise<void>): Promise<Measured> => {
    const topic = await newTopic(world.brokers);
    await seed(rows, events);
    const from = performance.now();
    await work(topic);
    const seconds = (performance.now() - from) / 1_000;
    await assertAllSent(kafka, rows, topic, events);
    return { units: events, seconds };
  };
  const subject = () =>
    timed(async (topic) => {
      const relay = startRelay({
        db: connection.getClient().db('bench_r4'),
        kafka,
        topic,
        source: '/schoolbell/bench',
        holder: uuidv7(),
        log,
        batch,
      });
      while (await rows.findOne({ pending: true }, { projection: { _id: 1 } })) await new Promise((resolve) => setTimeout(resolve, 20));
      await relay.stop();
    });
  const floor = () => timed((topic) => bareLoop(kafka, rows, topic));

  const paired = await alternate(world.short ? 5 : 9, floor, subject);
  await db.dropDatabase();
  await client.close();
  await connection.close();
  const invariants = 'every row on Kafka once, every row marked';
  const ratio = estimate(paired.ratios);
  return [
    ratioRow({
      name: 'R4',
      what: 'outbox relay',
      unit: 'events/s',
      must: 0.7,
      floor: median(paired.floor),
      subject: median(paired.subject),
      ratio,
      invariants,
    }),
  ];
}

/** The least that does the same: find, send, mark. */
async function bareLoop(kafka: kafkajs.Kafka, rows: Collection<Row>, topic: string): Promise<void> {
  const producer = kafka.producer({
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  for (;;) {
    const pending = await rows.find({ pending: true }, { sort: { _id: 1 }, limit: batch, promoteBuffers: true }).toArray();
    if (pending.length === 0) break;
    const messages = pending.map((row) => ({
      key: row.key,
      value: row.payload as Buffer,
      headers: {
        ce_specversion: '1.0',
        ce_id: row._id,
        ce_source: '/schoolbell/bench',
        ce_type: row.type,
        ce_time: row.at.toISOString(),
        ce_partitionkey: row.key,
        ce_schoolid: row.schoolId,
        ce_aggregateversion: String(row.version),
        'content-type': 'application/protobuf',
        traceparent: row.traceparent ?? '',
      },
    }));
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages }] });
    await rows.updateMany({ _id: { $in: pending.map(({ _id }) => _id) } }, { $unset: { pending: '' }, $set: { sentAt: new Date() } });
  }
  await producer.disconnect();
}

async function seed(rows: Collection<Row>, events: number): Promise<void> {
  await rows.deleteMany({});
  for (let from = 0; from < events; from += 5_000) {
    const chunk = Array.from(
      { length: Math.min(5_000, events - from) },
      (_, at): Row => ({
        _id: uuidv7(),
        schoolId: 'bench',
        type: 'school.bench.v1.Happened',
        key: `student-${(from + at) % 1_000}`,
        version: Math.floor((from + at) / 1_000) + 1,
        at: new Date(),
        traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`,
        payload,
        pending: true,
      }),
    );
    await rows.insertMany(chunk, { ordered: false });
  }
}

async function newTopic(brokers: readonly string[]): Promise<string> {
  const topic = `bench.${randomBytes(4).toString('hex')}`;
  await makeTopics(brokers, [{ topic, numPartitions: 6 }]);
  return topic;
}

async function assertAllSent(kafka: kafkajs.Kafka, rows: Collection<Row>, topic: string, events: number): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
  const published = offsets.reduce((sum, { offset }) => sum + Number(offset), 0);
  const pending = await rows.countDocuments({ pending: true });
  if (published !== events || pending !== 0) throw new Error(`${published} of ${events} events are on Kafka and ${pending} are not marked`);
}
