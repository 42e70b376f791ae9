import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { type Consuming, consumeChunk, type Parking, parkUnfinished, patiently } from './consume-chunk.ts';
import { describeError } from './describe-error.ts';
import type { InboxTx, Listener } from './inbox.ts';
import type { createPublisher } from './kafka.ts';
import type { Logger } from './logger.ts';
import { metrics } from './metrics.ts';
import { type Place, type Starts, startedTooOften } from './starts.ts';
import type { Transact } from './transact.ts';

/** How the group fares, for whoever watches it. */
export interface Group {
  stopping: boolean;
  /** When it last moved; whoever waits for an engine moves too. */
  progressAt: number;
}

export interface Consumption<T> {
  readonly listener: Listener<T>;
  readonly transact: Transact<InboxTx<T>>;
  readonly consumer: Pick<Consumer, 'commitOffsets'>;
  readonly publisher: ReturnType<typeof createPublisher>;
  readonly starts: Starts;
  readonly group: Group;
  readonly heartbeatMs: number;
  readonly wake: (tick: string) => void;
  readonly log: Logger;
}

// Messages of one transaction (M5).
const chunkSize = 200;

/**
 * Consumes what was fetched of some partitions and commits how far it came. Partitions that brought little share their transactions;
 * those that brought much are worked on beside each other.
 */
export async function consumeFetched<T>(consumption: Consumption<T>, fetched: readonly EachBatchPayload[]): Promise<void> {
  const bundles: Share[][] = [];
  let room = 0;
  for (const payload of fetched) {
    const share = { payload, taken: 0 };
    const { length } = payload.batch.messages;
    if (length > room) {
      bundles.push([share]);
      room = chunkSize;
    } else bundles.at(-1)?.push(share);
    room -= length;
  }
  const ended = await Promise.allSettled(bundles.map((bundle) => consumeBundle(consumption, bundle)));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

/** What was fetched of one partition, and how much of it is done. */
interface Share {
  readonly payload: EachBatchPayload;
  taken: number;
}

/** The next messages of a share. */
interface Portion extends Place {
  readonly share: Share;
  readonly messages: readonly KafkaMessage[];
}

async function consumeBundle<T>(consumption: Consumption<T>, bundle: readonly Share[]): Promise<void> {
  const { consumer, listener, group, heartbeatMs, wake } = consumption;
  for (;;) {
    const portions = nextPortions(bundle, group);
    const [first] = portions;
    if (!first) return;
    const { heartbeat } = first.share.payload;
    const done = await whileBeating(heartbeat, heartbeatMs, () => consumePortions(consumption, portions));
    for (const tick of listener.wakes ?? []) wake(tick);
    for (const { share, messages, last } of done) {
      share.taken += messages.length;
      share.payload.resolveOffset(last);
    }
    await consumer.commitOffsets(done.map(({ topic, partition, last }) => ({ topic, partition, offset: String(BigInt(last) + 1n) })));
    group.progressAt = performance.now();
    await heartbeat();
  }
}

/** A rebalance or a stop does not end the loop by itself (K9). */
function nextPortions(bundle: readonly Share[], { stopping }: Group): Portion[] {
  const portions: Portion[] = [];
  let room = chunkSize;
  for (const share of bundle) {
    const { batch, isRunning, isStale } = share.payload;
    if (stopping || !isRunning() || isStale()) continue;
    const portion = portionOf(share, batch.messages.slice(share.taken, share.taken + room));
    if (portion) portions.push(portion);
    room -= portion?.messages.length ?? 0;
  }
  return portions;
}

function portionOf(share: Share, messages: readonly KafkaMessage[]): Portion | undefined {
  const [first] = messages;
  const last = messages.at(-1);
  const { topic, partition } = share.payload.batch;
  return first && last && { share, messages, topic, partition, first: first.offset, last: last.offset };
}

/** Stays a member while a long chunk is at work. That a rebalance began is heard by the next heartbeat between chunks. */
async function whileBeating<R>(heartbeat: () => Promise<void>, everyMs: number, work: () => Promise<R>): Promise<R> {
  const timer = setInterval(() => void heartbeat().catch(() => undefined), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/**
 * Takes messages and returns which. That work on their places begins is noted before it does: a message that ends the process leaves
 * only this trace. Places begun too often are taken one by one to their ends, each message alone, which finds that message, and parks
 * it when it was begun too often itself.
 */
async function consumePortions<T>(consumption: Consumption<T>, portions: readonly Portion[]): Promise<readonly Portion[]> {
  const { starts, listener, log } = consumption;
  const consuming = consumingOf(consumption, portions);
  const { suspect } = await patiently(consuming, () => starts.note(portions));
  if (suspect === undefined) {
    await consumeChunk(
      consuming,
      portions.flatMap(({ messages }) => messages),
    );
    return portions;
  }
  const { share, messages } = suspect.place;
  const alone = portionOf(share, messages.slice(0, 1));
  const [message] = alone?.messages ?? [];
  if (!alone || !message) return [];
  if (startedTooOften(suspect.start)) {
    const { attempts } = suspect.start;
    log.error(
      { group: listener.group, partition: alone.partition, attempts },
      'A message ended the process each time it was begun; it is parked',
    );
    await parkUnfinished(consuming, message, attempts - 1);
  } else await consumeChunk(consuming, [message]);
  return [alone];
}

function consumingOf<T>({ listener, transact, log, publisher, group }: Consumption<T>, portions: readonly Portion[]): Consuming<T> {
  const payloads = portions.map(({ share }) => share.payload);
  return {
    listener,
    transact,
    log,
    park: async (message, parking) => {
      const from = portions.find(({ messages }) => messages.includes(message));
      if (!from) throw new Error('Only a message that is at hand can be parked');
      await park({ listener, log, publisher }, from, message, parking);
    },
    keepAlive: async () => {
      await payloads[0]?.heartbeat();
      if (payloads.some(({ isStale }) => isStale())) throw new Error('The partition was taken away');
      group.progressAt = performance.now();
    },
  };
}

/** Puts a message aside with its cause, whole, so that a person can look at it and give it back. */
async function park<T>(
  { listener, log, publisher }: Pick<Consumption<T>, 'listener' | 'log' | 'publisher'>,
  { topic, partition }: Pick<Place, 'topic' | 'partition'>,
  message: KafkaMessage,
  { cause, attempts, error }: Parking,
): Promise<void> {
  const origin = {
    'parked-cause': cause,
    'parked-attempts': String(attempts),
    'parked-topic': topic,
    'parked-partition': String(partition),
    'parked-offset': message.offset,
    'parked-at': new Date().toISOString(),
    ...(error !== undefined && { 'parked-error': errorText(error) }),
  };
  await publisher.send(`${listener.topic}.parked.${listener.group}`, [
    { key: message.key, value: message.value, headers: { ...message.headers, ...origin } },
  ]);
  metrics.parked.inc({ group: listener.group, cause });
  const place = { group: listener.group, partition, offset: message.offset };
  log.error({ ...place, cause, ...(error !== undefined && { err: error }) }, 'An event was parked');
}

function errorText(error: unknown): string {
  const { name, message } = describeError(error);
  return `${name}: ${message}`;
}
