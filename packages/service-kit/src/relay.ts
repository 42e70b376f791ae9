import type { mongo } from 'mongoose';
import { toMessage } from './cloud-events.ts';
import { createPublisher, type KafkaClient, type Message } from './kafka.ts';
import { type OutboxRow, outboxRows } from './kit-collections.ts';
import { openLease } from './lease.ts';
import type { Logger } from './logger.ts';
import { metrics } from './metrics.ts';
import { pausePoint } from './pause-point.ts';
import { span, traceparent } from './tracing.ts';

export interface Relay {
  /** Something was committed: look now instead of at the next poll. */
  bell(): void;
  /** False while it cannot bring anything to Kafka. */
  healthy(): boolean;
  /** Ends after the batch at hand. */
  stop(): Promise<void>;
}

interface Options {
  readonly db: mongo.Db;
  readonly kafka: KafkaClient;
  /** Topic of the service: "school.billing.v1". */
  readonly topic: string;
  /** CloudEvents source: "/schoolbell/billing". */
  readonly source: string;
  /** Names this process among those that could relay. */
  readonly holder: string;
  readonly log: Logger;
  /** Rows read, published and marked at once. */
  readonly batch?: number;
}

// Commits of this process ring the bell; the poll finds those of its siblings, and what a dead one left behind.
const pollMs = 200;
// Under load commits come every few milliseconds. A little rest brings many of them to Kafka in the three round trips that each
// would cost alone; the first after a pause goes at once.
const restMs = 20;
const measureEveryMs = 5_000;
const longestBackOffMs = 2_000;

/** Brings the outbox to Kafka: one holder of the lease per service reads in order, publishes, marks. What is published twice is dropped by the inbox. */
export function startRelay({ db, kafka, topic, source, holder, log, batch = 500 }: Options): Relay {
  const rows = db.collection<OutboxRow>(outboxRows.name);
  const lease = openLease(db, 'outbox-relay', holder);
  const publisher = createPublisher(kafka);
  let stopping = false;
  let failures = 0;
  let measuredAt = 0;
  const bell = createBell();

  const relayOnce = async (): Promise<number> => {
    if (!(await lease.hold())) return 0;
    const pending = await rows.find({ pending: true }, { sort: { _id: 1 }, limit: batch, promoteBuffers: true }).toArray();
    if (pending.length === 0) return 0;
    await pausePoint('relay:before-publish');
    if (!(await lease.hold())) return 0;
    await publisher.send(topic, await Promise.all(pending.map((row) => announce(row, source))));
    await pausePoint('relay:before-mark');
    await rows.updateMany({ _id: { $in: pending.map(({ _id }) => _id) } }, { $unset: { pending: '' }, $set: { sentAt: new Date() } });
    metrics.published.inc(pending.length);
    return pending.length;
  };
  const measure = async (): Promise<void> => {
    if (performance.now() - measuredAt < measureEveryMs) return;
    measuredAt = performance.now();
    const oldest = await rows.findOne({ pending: true }, { sort: { _id: 1 }, projection: { at: 1 } });
    metrics.outboxDepth.set(oldest ? await rows.countDocuments({ pending: true }, { limit: 100_000 }) : 0);
    metrics.outboxAge.set(oldest ? (Date.now() - oldest.at.getTime()) / 1_000 : 0);
  };
  const loop = async (): Promise<void> => {
    while (!stopping) {
      try {
        const begun = performance.now();
        const sent = await relayOnce();
        failures = 0;
        await measure();
        if (sent === batch || stopping) continue;
        if (sent > 0) await bell.stoppedWithin(begun + restMs - performance.now());
        await bell.rungWithin(pollMs);
      } catch (error) {
        failures++;
        metrics.retries.inc({ where: 'relay' });
        log.warn({ err: error, failures }, 'The outbox could not be relayed; it stays and is tried again');
        await bell.stoppedWithin(Math.min(longestBackOffMs, 100 * 2 ** failures));
      }
    }
  };
  const ended = loop();
  return {
    bell: bell.ring,
    healthy: () => failures < 3,
    stop: async () => {
      stopping = true;
      bell.end();
      await ended;
      await publisher.close();
      await lease.release().catch(() => undefined);
    },
  };
}

/** One span per event, under the trace in which it came about: a batch holds many traces, so no instrumentation could link them (T2). */
function announce(row: OutboxRow, source: string): Promise<Message> {
  const attributes = {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'send',
    'messaging.message.id': row._id,
    'cloudevents.event_type': row.type,
  };
  const options = { kind: 'producer' as const, attributes };
  return span(`send ${row.type}`, row.traceparent ? { ...options, parent: row.traceparent } : options, async () =>
    toMessage(row, source, traceparent()),
  );
}

function createBell() {
  let rung = false;
  let ended = false;
  let waiting: { readonly wake: () => void; readonly forRing: boolean } | undefined;
  const wait = async (ms: number, forRing: boolean): Promise<void> => {
    if (ended || ms <= 0 || (forRing && rung)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
      waiting = { wake, forRing };
    });
    waiting = undefined;
  };
  return {
    /** Rung at every commit, so it is no more than a flag: aborting a signal makes an error with a stack each time. */
    ring: (): void => {
      rung = true;
      if (waiting?.forRing) waiting.wake();
    },
    /** Comes back when the bell has rung since the last call, or after `ms`. */
    rungWithin: async (ms: number): Promise<void> => {
      await wait(ms, true);
      rung = false;
    },
    stoppedWithin: (ms: number): Promise<void> => wait(ms, false),
    end: (): void => {
      ended = true;
      waiting?.wake();
    },
  };
}
