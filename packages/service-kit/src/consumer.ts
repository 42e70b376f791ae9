import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { mongo } from 'mongoose';
import { type Consuming, consumeChunk, type Parking, parkUnfinished, patiently } from './consume-chunk.ts';
import { describeError } from './describe-error.ts';
import type { InboxTx, Listener } from './inbox.ts';
import { createPublisher, type KafkaClient, withDeadline } from './kafka.ts';
import { type StartedRow, startedName } from './kit-collections.ts';
import { wasLeftBehind } from './left-behind.ts';
import type { Logger } from './logger.ts';
import { metrics } from './metrics.ts';
import { nextStart, startedTooOften } from './starts.ts';
import type { Transact } from './transact.ts';

export interface Listening {
  /** False before the group is joined, and when neither a fetch nor a heartbeat succeeded lately. */
  healthy(): boolean;
  /** Leaves the group after the chunk at hand. */
  stop(): Promise<void>;
}

interface Options<T> {
  readonly kafka: KafkaClient;
  readonly db: mongo.Db;
  readonly transact: Transact<InboxTx<T>>;
  readonly listener: Listener<T>;
  readonly log: Logger;
  /** The consumer has ended for good; the process must end too (K6). */
  readonly onFatal: (error: Error) => void;
}

// A killed process gives its partitions back only when its session ends, and a parent waits that long: so the session is short,
// and the heartbeat goes on beside the work instead of only between messages (K8).
const sessionTimeoutMs = 10_000;
const heartbeatMs = 2_000;
// Who is killed while the group forms anew is waited for this long. Who works longer on a chunk than this loses its place, and what
// another then repeats, the inbox drops.
const rebalanceTimeoutMs = 20_000;
const stuckMs = 90_000;
const watchEveryMs = 15_000;
// Messages of one transaction (M5).
const chunkSize = 200;

export function startListener<T>(options: Options<T>): Listening {
  const { kafka, listener, log } = options;
  const publisher = createPublisher(kafka);
  const state = { stopping: false, joined: false, aliveAt: 0, progressAt: performance.now() };
  let consumer: Consumer | undefined;

  const run = async (): Promise<void> => {
    for (let wait = 200; !state.stopping; wait = Math.min(5_000, wait * 2)) {
      try {
        consumer = await openConsumer(options, { state, publisher, onEnded });
        return;
      } catch (error) {
        log.warn({ err: error, group: listener.group }, 'Kafka does not answer; the listener tries again');
        await sleep(wait);
      }
    }
  };
  const onEnded = (error: Error): void => {
    if (state.stopping) return;
    // Without a restart kafkajs stays silent for ever, and the process would look well (K6).
    if (!wasLeftBehind(error)) options.onFatal(error);
    else {
      log.warn({ group: listener.group }, 'The group went on without this member; it joins again');
      opened = run();
    }
  };
  let opened = run();
  const watching = setInterval(() => {
    watch(options, state).catch((error) => log.debug({ err: error, group: listener.group }, 'The lag could not be read'));
  }, watchEveryMs);
  watching.unref();
  return {
    healthy: () => state.joined && performance.now() - state.aliveAt < 3 * sessionTimeoutMs,
    stop: async () => {
      state.stopping = true;
      clearInterval(watching);
      await withDeadline(opened, 2_000).catch(() => undefined);
      await withDeadline(consumer?.disconnect() ?? Promise.resolve(), 8_000).catch(() => undefined);
      await publisher.close();
    },
  };
}

interface State {
  stopping: boolean;
  joined: boolean;
  aliveAt: number;
  progressAt: number;
}

type Publisher = ReturnType<typeof createPublisher>;

interface Opening {
  readonly state: State;
  readonly publisher: Publisher;
  /** The consumer has ended and will not start again by itself. */
  readonly onEnded: (error: Error) => void;
}

async function openConsumer<T>(options: Options<T>, { state, publisher, onEnded }: Opening): Promise<Consumer> {
  const { kafka, listener, log } = options;
  const consumer = kafka.consumer({
    groupId: listener.group,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: rebalanceTimeoutMs,
    heartbeatInterval: heartbeatMs,
    allowAutoTopicCreation: false,
    maxBytes: 4_194_304,
    maxBytesPerPartition: 1_048_576,
    maxWaitTimeInMs: 1_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8, restartOnFailure: async () => true },
  });
  const alive = (): void => {
    state.aliveAt = performance.now();
  };
  consumer.on(consumer.events.HEARTBEAT, alive);
  consumer.on(consumer.events.FETCH, alive);
  consumer.on(consumer.events.GROUP_JOIN, () => {
    alive();
    state.joined = true;
    state.progressAt = performance.now();
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    state.joined = false;
    log.warn({ err: payload.error, group: listener.group, restart: payload.restart }, 'The consumer crashed');
    if (!payload.restart) onEnded(payload.error);
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: listener.topic, fromBeginning: true });
    const partitions = await partitionCount(kafka, listener.topic);
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitions,
      eachBatch: (payload) => consumeBatch({ ...options, consumer, publisher, state }, payload),
    });
    return consumer;
  } catch (error) {
    await consumer.disconnect().catch(() => undefined);
    throw error;
  }
}

async function partitionCount(kafka: KafkaClient, topic: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length ?? 1;
  } finally {
    await admin.disconnect();
  }
}

interface Batching<T> extends Options<T> {
  readonly consumer: Consumer;
  readonly publisher: Publisher;
  readonly state: State;
}

async function consumeBatch<T>(batching: Batching<T>, payload: EachBatchPayload): Promise<void> {
  const { consumer, state, listener, transact, publisher, log } = batching;
  const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
  const consuming: Consuming<T> = {
    listener,
    transact,
    log,
    park: (message, parking) => park(batching, publisher, batch, message, parking),
    keepAlive: async () => {
      await heartbeat();
      if (isStale()) throw new Error('The partition was taken away');
      // Whoever waits for an engine is not stuck.
      state.progressAt = performance.now();
    },
  };
  for (let from = 0; from < batch.messages.length; ) {
    // A rebalance or a stop does not end the loop by itself (K9).
    if (!isRunning() || isStale() || state.stopping) return;
    const done = await whileBeating(heartbeat, () => consumeFrom(batching, batch, from, consuming));
    const last = batch.messages[from + done - 1];
    if (!last) return;
    from += done;
    resolveOffset(last.offset);
    await consumer.commitOffsets([{ topic: batch.topic, partition: batch.partition, offset: String(BigInt(last.offset) + 1n) }]);
    state.progressAt = performance.now();
    await heartbeat();
  }
}

/** Stays a member while a long chunk is at work. That a rebalance began is heard by the next heartbeat between chunks. */
async function whileBeating<R>(heartbeat: () => Promise<void>, work: () => Promise<R>): Promise<R> {
  const timer = setInterval(() => void heartbeat().catch(() => undefined), heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/**
 * Takes the next messages of the batch and returns how many they were. That work on this place begins is noted before it does: a
 * message that ends the process leaves only this trace. A chunk begun too often is taken one by one to its end, which finds
 * that message, and parks it when it was begun too often itself.
 */
async function consumeFrom<T>({ db, listener, log }: Batching<T>, batch: Batch, from: number, consuming: Consuming<T>): Promise<number> {
  const chunk = batch.messages.slice(from, from + chunkSize);
  const [first] = chunk;
  const last = chunk.at(-1);
  if (!first || !last) return 0;
  const started = db.collection<StartedRow>(startedName);
  const _id = `${listener.group}:${batch.topic}:${batch.partition}`;
  const row = await patiently(consuming, async () => {
    const next = nextStart((await started.findOne({ _id })) ?? undefined, first.offset, last.offset);
    await started.replaceOne({ _id }, next, { upsert: true, writeConcern: { w: 1 } });
    return next;
  });
  if (startedTooOften(row)) {
    log.error(
      { group: listener.group, partition: batch.partition, attempts: row.attempts },
      'A message ended the process each time it was begun; it is parked',
    );
    await parkUnfinished(consuming, first, row.attempts - 1);
    return 1;
  }
  const taken = row.singlyUntil === undefined ? chunk : [first];
  await consumeChunk(consuming, taken);
  return taken.length;
}

type Batch = EachBatchPayload['batch'];

/** Puts a message aside with its cause, whole, so that a person can look at it and give it back. */
async function park<T>(
  { listener, log }: Options<T>,
  publisher: Publisher,
  batch: Batch,
  message: KafkaMessage,
  { cause, attempts, error }: Parking,
): Promise<void> {
  const origin = {
    'parked-cause': cause,
    'parked-attempts': String(attempts),
    'parked-topic': batch.topic,
    'parked-partition': String(batch.partition),
    'parked-offset': message.offset,
    'parked-at': new Date().toISOString(),
    ...(error !== undefined && { 'parked-error': errorText(error) }),
  };
  await publisher.send(`${listener.topic}.parked.${listener.group}`, [
    { key: message.key, value: message.value, headers: { ...message.headers, ...origin } },
  ]);
  metrics.parked.inc({ group: listener.group, cause });
  const place = { group: listener.group, partition: batch.partition, offset: message.offset };
  log.error({ ...place, cause, ...(error !== undefined && { err: error }) }, 'An event was parked');
}

function errorText(error: unknown): string {
  const { name, message } = describeError(error);
  return `${name}: ${message}`;
}

/** Reads the lag; a group that lags and does not move is broken in a way it does not notice itself (K6). */
async function watch<T>({ kafka, listener, onFatal }: Options<T>, state: State): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(listener.topic);
    const [committed] = await admin.fetchOffsets({ groupId: listener.group, topics: [listener.topic] });
    let lag = 0;
    for (const { partition, offset, low } of ends) {
      const done = committed?.partitions.find((candidate) => candidate.partition === partition)?.offset ?? '-1';
      lag += Number(BigInt(offset) - BigInt(done === '-1' ? low : done));
    }
    metrics.consumerLag.set({ group: listener.group, topic: listener.topic }, lag);
    const stuck = lag > 0 && state.joined && !state.stopping && performance.now() - state.progressAt > stuckMs;
    if (stuck) onFatal(new Error(`The group ${listener.group} lags by ${lag} and has not moved for ${stuckMs / 1_000} s`));
    if (lag === 0) state.progressAt = performance.now();
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
