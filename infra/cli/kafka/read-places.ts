import { randomBytes } from 'node:crypto';
import type { KafkaClient } from '@schoolbell/service-kit';
import type { Admin, Consumer, KafkaMessage } from 'kafkajs';

/** A partition and the next offset to be read of it. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  next: bigint;
}

interface Reading<P extends Place> {
  readonly places: readonly P[];
  readonly onRecord: (place: P, record: KafkaMessage) => void;
  /** Called after each fetch, when every place has moved past what the fetch held. */
  readonly onFetched?: () => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Reads as a consumer group of its own, which commits nothing and is gone afterwards. Kafka that does not answer throws. */
export async function readPlaces<P extends Place>(kafka: KafkaClient, admin: Admin, reading: Reading<P>): Promise<void> {
  const groupId = `schoolbell.operator.${randomBytes(6).toString('hex')}`;
  const retry = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 8, restartOnFailure: async () => false };
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 250, retry });
  try {
    await untilAborted(consumer, reading);
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await admin.deleteGroups([groupId]).catch(() => undefined);
  }
}

function untilAborted<P extends Place>(consumer: Consumer, { places, onRecord, onFetched, signal }: Reading<P>): Promise<void> {
  const placeAt = new Map(places.map((place) => [`${place.topic}/${place.partition}`, place]));
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    const run = async (): Promise<void> => {
      await consumer.connect();
      await consumer.subscribe({ topics: [...new Set(places.map(({ topic }) => topic))], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          const place = placeAt.get(`${batch.topic}/${batch.partition}`);
          if (!place) return;
          for (const record of batch.messages) take(place, record, onRecord);
          // The last records may be missing: retention deletes while this reads.
          const after = BigInt(batch.lastOffset()) + 1n;
          if (after > place.next) place.next = after;
          onFetched?.();
        },
      });
      for (const { topic, partition, next } of places) consumer.seek({ topic, partition, offset: String(next) });
    };
    run().catch(reject);
  });
}

/** Records may come twice, and from before the place asked for: the first fetch may have begun before the seek. */
function take<P extends Place>(place: P, record: KafkaMessage, onRecord: Reading<P>['onRecord']): void {
  const offset = BigInt(record.offset);
  if (offset < place.next) return;
  place.next = offset + 1n;
  onRecord(place, record);
}
