import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer } from 'kafkajs';
import type { mongo } from 'mongoose';
import { type Consumption, consumeFetched, type Fetched, type Group } from './consume-fetched.ts';
import { gatherFetched } from './gather-fetched.ts';
import type { InboxTx, Listener } from './inbox.ts';
import { createPublisher, type KafkaClient, withDeadline } from './kafka.ts';
import { wasLeftBehind } from './left-behind.ts';
import type { Logger } from './logger.ts';
import { metrics } from './metrics.ts';
import { openStarts } from './starts.ts';
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
  /** A tick of the service has work. */
  readonly wake?: (tick: string) => void;
  /** The consumer has ended for good; the process must end too (K6). */
  readonly onFatal: (error: Error) => void;
}

// A killed process gives its partitions back only when its session ends, and a parent waits that long: so the session is short,
// and the heartbeat goes on beside the work instead of only between messages (K8).
const sessionTimeoutMs = 10_000;
const heartbeatMs = 2_000;
// How long the group waits for a member that was killed during a rebalance. A member that works longer on a chunk than this loses its
// partitions, and the inbox drops what another member then repeats.
const rebalanceTimeoutMs = 20_000;
const stuckMs = 90_000;
const watchEveryMs = 30_000;

export function startListener<T>(options: Options<T>): Listening {
  const { kafka, listener, log } = options;
  const publisher = createPublisher(kafka);
  const state = { stopping: false, joined: false, generation: 0, aliveAt: 0, progressAt: performance.now() };
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

interface State extends Group {
  joined: boolean;
  aliveAt: number;
}

interface Opening {
  readonly state: State;
  readonly publisher: Consumption<unknown>['publisher'];
  /** The consumer has ended and will not start again by itself. */
  readonly onEnded: (error: Error) => void;
}

async function openConsumer<T>(options: Options<T>, { state, publisher, onEnded }: Opening): Promise<Consumer> {
  const { kafka, listener, log, db, wake = () => undefined } = options;
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
  const starts = openStarts(db, listener.group);
  const alive = (): void => {
    state.aliveAt = performance.now();
  };
  consumer.on(consumer.events.HEARTBEAT, alive);
  consumer.on(consumer.events.FETCH, alive);
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    alive();
    state.joined = true;
    state.generation++;
    state.progressAt = performance.now();
    starts.joined(payload.memberId);
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
    const consumption = { ...options, consumer, publisher, group: state, starts, heartbeatMs, wake };
    const take = gatherFetched((fetched: readonly Fetched[]) => consumeFetched(consumption, fetched));
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitions,
      eachBatch: (payload) => take({ payload, batch: payload.batch, generation: state.generation }),
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
