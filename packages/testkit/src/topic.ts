import { randomBytes } from 'node:crypto';
import { createTopics } from '@schoolbell/infra/engines';
import kafkajs, { type ITopicConfig } from 'kafkajs';

/** A record as it lies on the topic, before anybody of ours has decoded it. */
export interface RawRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly partition: number;
  readonly offset: string;
}

/** A connection may take longer on a busy machine than the second that kafkajs gives it. */
function openKafka(brokers: readonly string[]): kafkajs.Kafka {
  return new kafkajs.Kafka({ brokers: [...brokers], clientId: 'testkit', connectionTimeout: 30_000, logLevel: kafkajs.logLevel.NOTHING });
}

/** Topics that answer from the moment this resolves. */
export async function makeTopics(brokers: readonly string[], topics: readonly ITopicConfig[]): Promise<void> {
  const admin = openKafka(brokers).admin();
  await admin.connect();
  try {
    await createTopics(admin, topics);
  } finally {
    await admin.disconnect();
  }
}

/** Everything on a topic now, by partition and offset. */
export async function readTopic(brokers: readonly string[], topic: string): Promise<RawRecord[]> {
  const kafka = openKafka(brokers);
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const wanted = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  const records: RawRecord[] = [];
  if (wanted === 0) return records;
  const consumer = kafka.consumer({ groupId: `testkit.${randomBytes(6).toString('hex')}`, allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer
      .run({
        autoCommit: false,
        eachMessage: async ({ partition, message }) => {
          const headers = Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]));
          records.push({ key: String(message.key), value: message.value ?? Buffer.alloc(0), headers, partition, offset: message.offset });
          if (records.length === wanted) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return records.sort((a, b) => a.partition - b.partition || Number(BigInt(a.offset) - BigInt(b.offset)));
}

/** Puts what a topic holds of these keys on it once more, in another order, as a broker or a careless operator may. */
export async function produceAgain(brokers: readonly string[], topic: string, keys: readonly string[]): Promise<number> {
  const records = (await readTopic(brokers, topic)).filter(({ key }) => keys.includes(key)).reverse();
  if (records.length === 0) return 0;
  const kafka = openKafka(brokers);
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
  await producer.connect();
  await producer.send({
    topic,
    acks: -1,
    messages: records.map(({ key, value, headers, partition }) => ({ key, value, headers: { ...headers }, partition })),
  });
  await producer.disconnect();
  return records.length;
}
