import type { mongo } from 'mongoose';
import { createBell } from './bell.ts';
import { toMessage } from './cloud-events.ts';
import { createPublisher, type KafkaClient, type Message, withDeadline } from './kafka.ts';
import { type OutboxRow, outboxRows } from './kit-collections.ts';
import { openLease } from './lease.ts';
import type { Logger } from './logger.ts';
import { metrics } from './metrics.ts';
import { pausePoint } from './pause-point.ts';
import { restAfter } from './rest.ts';
import { span, traceparent } from './tracing.ts';

export interface Relay {
  /** Something was committed: look now instead of at the next poll. */
  bell(): void;
  /** False while Kafka takes nothing. */
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

// A commit of this process rings the bell. Polling finds commits of other instances, and what a killed one left behind; it slows down
// while it finds nothing.
const pollMs = { shortest: 200, longest: 1_000, growth: 1.05 };
const measureEveryMs = 5_000;
const longestBackOffMs = 2_000;
const reachableMs = 5_000;

/** Publishes the outbox to Kafka: the holder of the service's lease reads rows in order, publishes and marks them. Inboxes drop what is published twice. */
export function startRelay({ db, kafka, topic, source, holder, log, batch = 500 }: Options): Relay {
  const rows = db.collection<OutboxRow>(outboxRows.name);
  const lease = openLease(db, 'outbox-relay', holder);
  const publisher = createPublisher(kafka);
  let stopping = false;
  let failures = 0;
  let kafkaFailures = 0;
  let measuredAt = 0;
  let poll = pollMs.shortest;
  const bell = createBell();

  // Readiness checks MongoDB by itself, so only a failed publish says that Kafka is away.
  const toKafka = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      kafkaFailures = 0;
    } catch (error) {
      kafkaFailures++;
      throw error;
    }
  };
  const relayOnce = async (): Promise<{ sent: number; more: boolean; idle: boolean }> => {
    const nothing = { sent: 0, more: false, idle: true };
    // While nothing is pending nobody needs the lease, and an idle service writes nothing.
    if (!lease.held() && !(await rows.findOne({ pending: true }, { projection: { _id: 1 } }))) return nothing;
    if (!(await lease.hold())) return { ...nothing, idle: false };
    const found = await rows.find({ pending: true }, { ...oldestFirst, limit: batch, batchSize: batch }).toArray();
    const pending = withinBytes(found);
    if (pending.length === 0) return nothing;
    await pausePoint('relay:before-publish');
    if (!(await lease.hold())) return { ...nothing, idle: false };
    await toKafka(async () => publisher.send(topic, await Promise.all(pending.map((row) => announce(row, source)))));
    await pausePoint('relay:before-mark');
    await rows.updateMany({ _id: { $in: pending.map(({ _id }) => _id) } }, { $unset: { pending: '' }, $set: { sentAt: new Date() } });
    metrics.published.inc(pending.length);
    return { sent: pending.length, more: found.length === batch || pending.length < found.length, idle: false };
  };
  const reachable = openReachable(kafka, topic);
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
        await measure();
        const { sent, more, idle } = await relayOnce();
        if (sent === 0) await toKafka(reachable.check);
        failures = 0;
        if (more || stopping) continue;
        if (sent > 0) await bell.stoppedWithin(restAfter(performance.now() - begun));
        poll = idle ? Math.min(pollMs.longest, poll * pollMs.growth) : pollMs.shortest;
        await bell.rungWithin(poll);
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
    healthy: () => kafkaFailures < 3,
    stop: async () => {
      stopping = true;
      bell.end();
      await ended;
      await Promise.all([publisher.close(), reachable.close()]);
      await lease.release().catch(() => undefined);
    },
  };
}

// One snapshot for the whole batch, of what a majority has: a cursor would miss a row that commits behind it while it reads the
// next of the same key, and a row that only the primary has may still be rolled back.
const oldestFirst = { sort: { _id: 1 }, promoteBuffers: true, readConcern: { level: 'snapshot' } } as const;
// Brokers take a megabyte a batch unless told otherwise; a row has some hundred bytes of headers besides its payload.
const mostBytes = 700_000;
const headerBytes = 600;

/** The first rows that fit into one batch; at least one. */
function withinBytes(rows: readonly OutboxRow[]): readonly OutboxRow[] {
  let bytes = 0;
  const end = rows.findIndex((row) => {
    bytes += row.payload.byteLength + headerBytes;
    return bytes > mostBytes;
  });
  return end === -1 ? rows : rows.slice(0, Math.max(1, end));
}

/** Asks the broker for the topic every few seconds: a service with nothing to announce must notice too that Kafka is away. */
function openReachable(kafka: KafkaClient, topic: string) {
  const admin = kafka.admin();
  let connected = false;
  let checkedAt = 0;
  return {
    async check(): Promise<void> {
      if (performance.now() - checkedAt < measureEveryMs) return;
      if (!connected) await withDeadline(admin.connect(), reachableMs);
      connected = true;
      await withDeadline(admin.fetchTopicMetadata({ topics: [topic] }), reachableMs);
      checkedAt = performance.now();
    },
    close: (): Promise<unknown> => withDeadline(connected ? admin.disconnect() : Promise.resolve(), 2_000).catch(() => undefined),
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
