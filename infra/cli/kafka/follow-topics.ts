import { createKafka, createLogger, type KafkaAccess } from '@schoolbell/service-kit';
import type { Admin, KafkaMessage } from 'kafkajs';
import { type Place, readPlaces } from './read-places.ts';

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

/** Shows what topics get until it is ended. Kafka that does not answer throws. */
export async function followTopics(access: KafkaAccess, { topics, fromStart, onReady, onRecord, signal }: Following): Promise<void> {
  const kafka = createKafka({ ...access, clientId: 'schoolbell-operator' }, createLogger('schoolbell', 'silent'));
  const admin = kafka.admin();
  await admin.connect();
  try {
    const places = (await Promise.all(topics.map((topic) => placesOf(admin, topic, fromStart)))).flat();
    onReady();
    await readPlaces(kafka, admin, { places, onRecord: (place, record) => onRecord(recordOf(place, record)), signal });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function placesOf(admin: Admin, topic: string, fromStart: boolean): Promise<Place[]> {
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.map(({ partition, low, high }) => ({ topic, partition, next: BigInt(fromStart ? low : high) }));
}

function recordOf({ topic, partition }: Place, { offset, key, headers = {}, value, timestamp }: KafkaMessage): FollowedRecord {
  const texts = Object.entries(headers).flatMap(([name, text]) =>
    text === undefined || Array.isArray(text) ? [] : [[name, text.toString()] as const],
  );
  return {
    ...{ topic, partition, offset, value },
    key: key?.toString() ?? '',
    headers: Object.fromEntries(texts),
    timestamp: new Date(Number(timestamp)),
  };
}
