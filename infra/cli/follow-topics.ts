import { randomBytes } from 'node:crypto';
import { createKafka, createLogger, type KafkaAccess } from '@schoolbell/service-kit';

type Kafka = ReturnType<typeof createKafka>;
type Admin = ReturnType<Kafka['admin']>;
type Consumer = ReturnType<Kafka['consumer']>;
type EachMessage = NonNullable<NonNullable<Parameters<Consumer['run']>[0]>['eachMessage']>;
type KafkaMessage = Parameters<EachMessage>[0]['message'];

export interface FollowedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | null;
  /** When the broker had it. */
  readonly timestamp: Date;
}

interface Following {
  readonly topics: readonly string[];
  /** Everything that is still there first; else only what comes from now on. */
  readonly fromStart: boolean;
  /** Called once: nothing that is announced from then on is missed. */
  readonly onReady: () => void;
  readonly onRecord: (record: FollowedRecord) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Reads as a group of its own, which commits nothing and is gone afterwards. Kafka that does not answer throws. */
export async function followTopics(access: KafkaAccess, following: Following): Promise<void> {
  const kafka = createKafka({ ...access, clientId: 'schoolbell-operator' }, createLogger('schoolbell', 'silent'));
  const admin = kafka.admin();
  await admin.connect();
  const groupId = `schoolbell.operator.${randomBytes(6).toString('hex')}`;
  const retry = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 8, restartOnFailure: async () => false };
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 250, retry });
  try {
    const places = await placesOf(admin, following);
    following.onReady();
    await untilAborted(consumer, places, following);
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect().catch(() => undefined);
  }
}

/** The next offset of a partition. */
interface Place {
  readonly topic: string;
  readonly partition: number;
  next: bigint;
}

async function placesOf(admin: Admin, { topics, fromStart }: Following): Promise<Place[]> {
  const places = topics.map(async (topic) => {
    const ends = await admin.fetchTopicOffsets(topic);
    return ends.map(({ partition, low, high }): Place => ({ topic, partition, next: BigInt(fromStart ? low : high) }));
  });
  return (await Promise.all(places)).flat();
}

function untilAborted(consumer: Consumer, places: readonly Place[], { topics, onRecord, signal }: Following): Promise<void> {
  const placeAt = new Map(places.map((place) => [`${place.topic}/${place.partition}`, place]));
  const take = (topic: string, partition: number, message: KafkaMessage): void => {
    const place = placeAt.get(`${topic}/${partition}`);
    const offset = BigInt(message.offset);
    // The first fetch may have begun before the seek, and brings what was not asked for.
    if (!place || offset < place.next) return;
    place.next = offset + 1n;
    onRecord(recordOf(topic, partition, message));
  };
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    const run = async (): Promise<void> => {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachMessage: async ({ topic, partition, message }) => take(topic, partition, message),
      });
      for (const { topic, partition, next } of places) consumer.seek({ topic, partition, offset: String(next) });
    };
    run().catch(reject);
  });
}

function recordOf(topic: string, partition: number, { offset, key, headers = {}, value, timestamp }: KafkaMessage): FollowedRecord {
  const texts = Object.entries(headers).flatMap(([name, text]) =>
    text === undefined || Array.isArray(text) ? [] : [[name, text.toString()] as const],
  );
  return {
    topic,
    partition,
    offset,
    key: key?.toString() ?? '',
    headers: Object.fromEntries(texts),
    value,
    timestamp: new Date(Number(timestamp)),
  };
}
