import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { type Consuming, consumeChunk, type Parking, parkUnfinished, patiently } from './consume-chunk.ts';
import { describeError } from './describe-error.ts';
import type { InboxTx, Listener } from './inbox.ts';
import type { createPublisher } from './kafka.ts';
import type { Logger } from './logger.ts';
import { metrics } from './metrics.ts';
import { type Place, type Starts, type Suspect, startedTooOften } from './starts.ts';
import type { Transact } from './transact.ts';

/** State of the consumer group, for health checks. */
export interface Group {
  stopping: boolean;
  /** How often this member joined. What was fetched before the latest join may belong to another member now. */
  generation: number;
  /** When the consumer last made progress; waiting for an engine counts as progress. */
  progressAt: number;
}

export interface Consumption<T> {
  readonly listener: Listener<T>;
  readonly transact: Transact<InboxTx<T>>;
  readonly consumer: Pick<Consumer, 'commitOffsets'>;
  readonly publisher: Pick<ReturnType<typeof createPublisher>, 'send'>;
  readonly starts: Starts;
  readonly group: Group;
  readonly heartbeatMs: number;
  readonly wake: (tick: string) => void;
  readonly log: Logger;
}

// Messages of one transaction (M5).
const chunkSize = 200;

/** What was fetched of one partition, in which generation of the group. */
export interface Fetched {
  readonly payload: Pick<EachBatchPayload, 'heartbeat' | 'isRunning' | 'isStale' | 'resolveOffset'>;
  readonly batch: Pick<EachBatchPayload['batch'], 'topic' | 'partition' | 'messages'>;
  readonly generation: number;
}

/**
 * Consumes the fetched messages of some partitions and commits their offsets. Partitions that brought little share transactions;
 * those that brought much run in parallel.
 */
export async function consumeFetched<T>(consumption: Consumption<T>, fetched: readonly Fetched[]): Promise<void> {
  const shares = fetched.map((each) => ({ ...each, taken: 0 }));
  // It may have waited for others long enough for a rebalance to have begun.
  await shares[0]?.payload.heartbeat();
  await begin(consumption, shares);
  const ended = await Promise.allSettled(bundle(shares).map((each) => consumeBundle(consumption, each)));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

/** What was fetched, and how much of it is done. */
interface Share extends Fetched {
  taken: number;
}

/** The next messages of a share. */
interface Portion extends Place {
  readonly share: Share;
  readonly messages: readonly KafkaMessage[];
}

function bundle(shares: readonly Share[]): Share[][] {
  const bundles: Share[][] = [];
  let room = 0;
  for (const share of shares) {
    const length = share.batch.messages.length - share.taken;
    if (length > room) {
      bundles.push([share]);
      room = chunkSize;
    } else bundles.at(-1)?.push(share);
    room -= length;
  }
  return bundles;
}

/**
 * Records each start before the work begins: a message that ends the process leaves no other trace. A place that was started too often
 * is processed message by message, each alone, until the message that ends the process is found; it is parked once it was started too often itself.
 */
async function begin<T>(consumption: Consumption<T>, shares: readonly Share[]): Promise<void> {
  for (;;) {
    const portions = nextPortions(shares, consumption.group);
    if (portions.length === 0) return;
    const consuming = consumingOf(consumption, portions);
    const { suspect } = await patiently(consuming, () => consumption.starts.note(portions));
    if (!suspect) return;
    const { place } = suspect;
    await finish(consumption, portionOf(place.share, place.messages.slice(0, 1)), () => takeAlone(consumption, consuming, suspect));
  }
}

async function consumeBundle<T>(consumption: Consumption<T>, shares: readonly Share[]): Promise<void> {
  for (;;) {
    const portions = nextPortions(shares, consumption.group);
    if (portions.length === 0) return;
    const messages = portions.flatMap((portion) => portion.messages);
    await finish(consumption, portions, () => consumeChunk(consumingOf(consumption, portions), messages));
  }
}

/** A rebalance or a stop does not end the loop by itself (K9). */
function nextPortions(shares: readonly Share[], group: Group): Portion[] {
  return shares.flatMap((share) => {
    const { payload, batch, taken } = share;
    if (group.stopping || !isOurs(share, group) || !payload.isRunning() || payload.isStale()) return [];
    return portionOf(share, batch.messages.slice(taken, taken + chunkSize));
  });
}

function isOurs({ generation }: Share, group: Group): boolean {
  return generation === group.generation;
}

function portionOf(share: Share, messages: readonly KafkaMessage[]): Portion[] {
  const { topic, partition } = share.batch;
  const [first] = messages;
  const last = messages.at(-1);
  return first && last ? [{ share, messages, topic, partition, first: first.offset, last: last.offset }] : [];
}

/** Processes portions and commits their offsets, unless the group has rebalanced: the commit could then move another member's offset back. */
async function finish<T>(consumption: Consumption<T>, portions: readonly Portion[], work: () => Promise<void>): Promise<void> {
  const { consumer, listener, group, heartbeatMs, wake } = consumption;
  const { heartbeat = async () => undefined } = portions[0]?.share.payload ?? {};
  try {
    await whileBeating(heartbeat, heartbeatMs, work);
  } finally {
    // A portion that failed may have been applied in part.
    for (const tick of listener.wakes ?? []) wake(tick);
  }
  for (const { share, messages } of portions) share.taken += messages.length;
  const done = portions.filter(({ share }) => isOurs(share, group));
  for (const { share, last } of done) share.payload.resolveOffset(last);
  await consumer.commitOffsets(done.map(({ topic, partition, last }) => ({ topic, partition, offset: String(BigInt(last) + 1n) })));
  group.progressAt = performance.now();
  await heartbeat();
}

/** Sends heartbeats while a long chunk is processed. The next heartbeat between chunks reports a rebalance. */
async function whileBeating<R>(heartbeat: () => Promise<void>, everyMs: number, work: () => Promise<R>): Promise<R> {
  const timer = setInterval(() => void heartbeat().catch(() => undefined), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Processes one message that may be the one that ends the process. */
async function takeAlone<T>({ listener, log }: Consumption<T>, consuming: Consuming<T>, { place, start }: Suspect<Portion>): Promise<void> {
  const [message] = place.messages;
  if (!message) return;
  if (!startedTooOften(start)) return consumeChunk(consuming, [message]);
  const { attempts } = start;
  log.error(
    { group: listener.group, partition: place.partition, attempts },
    'A message ended the process each time it was begun; it is parked',
  );
  await parkUnfinished(consuming, message, attempts - 1);
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

/** Parks the whole message with its cause, so that a person can look at it and send it again. */
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
