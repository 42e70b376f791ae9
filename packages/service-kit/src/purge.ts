import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { mongo } from 'mongoose';
import type { Tick } from './clock.ts';
import type { Stored } from './documents.ts';
import { type KafkaClient, withDeadline } from './kafka.ts';
import { inboxRows, outboxRows } from './kit-collections.ts';
import type { Logger } from './logger.ts';

interface Options {
  readonly db: mongo.Db;
  readonly kafka: KafkaClient;
  /** What the service announces on: "school.billing.v1". */
  readonly topic: string;
  readonly listeners: readonly { readonly topic: string; readonly group: string }[];
  /** Nothing younger is deleted, whatever Kafka keeps. */
  readonly days: number;
  readonly log: Logger;
  readonly now?: () => Date;
  /** Longest that Kafka may take to say how long it keeps; 3 s when not given. */
  readonly kafkaAnswersMs?: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const portion = 500;
const longestRunMs = 60_000;
// Payments come first: four fifths of a run are rest.
const restFactor = 4;
const longestRestMs = 2_000;

/**
 * Deletes what nobody can need any more, in small portions once an hour. Two instances at it share the work.
 *
 * An outbox row goes when it was published, and Kafka itself has deleted the event: until then it is what a topic can be compared
 * with, or filled from. One that is pending never goes.
 *
 * The mark of an applied event goes when Kafka can deliver the event to the group no more. That is not only while the topic keeps
 * it. The parked topic may hold a copy that seems to wait although it was applied: the process died between parking and noting
 * it, or between giving back and noting that. An operator may give it back on its last day there, and then the topic keeps the
 * copy once more. Only the mark stops it, so it stays for both retentions together.
 *
 * Kafka is asked how long it keeps, so whoever lengthens a retention lengthens this too. Of a topic that is kept for ever nothing
 * is deleted, neither outbox rows nor marks: whether hearing its events again would be harmless is not for the kit to know.
 */
export function purgeTick(options: Options): Tick {
  const run = async (stopping: AbortSignal): Promise<boolean> => {
    await purge(options, stopping);
    // What is left after a run is left to the next hour.
    return false;
  };
  // A start has better things to do, and a process that lives for minutes has nothing to purge.
  return { name: 'purge', everyMs: hourMs, firstAfterMs: 5 * 60_000, run };
}

/** One run; resolves to how many rows it deleted. */
export async function purge(options: Options, stopping: AbortSignal): Promise<number> {
  const { db, topic, listeners, days, log, now = () => new Date() } = options;
  const until = performance.now() + longestRunMs;
  const retentions = await readRetentions(options);
  const kept = (name: string): number => retentions.get(name) ?? Number.POSITIVE_INFINITY;
  const outboxBefore = beforeOf(now(), Math.max(days * dayMs, kept(topic)));
  const published = (before: Date) => ({ pending: { $exists: false }, sentAt: { $lt: before } });
  let deleted = await purgeRows(db.collection<Stored>(outboxRows.name), outboxBefore, published, { until, stopping });
  for (const listener of listeners) {
    const before = beforeOf(now(), Math.max(days * dayMs, kept(listener.topic) + kept(parkedTopic(listener))));
    const applied = (at: Date) => ({ at: { $lt: at } });
    deleted += await purgeRows(db.collection<Stored>(inboxRows.name), before, applied, { until, stopping, group: listener.group });
  }
  if (deleted > 0) log.info({ deleted }, 'Events were purged that Kafka does not keep any more');
  return deleted;
}

function parkedTopic({ topic, group }: Options['listeners'][number]): string {
  return `${topic}.parked.${group}`;
}

/** Undefined for never. */
function beforeOf(now: Date, keptMs: number): Date | undefined {
  return Number.isFinite(keptMs) ? new Date(now.getTime() - keptMs) : undefined;
}

interface Bounds {
  readonly until: number;
  readonly stopping: AbortSignal;
  /** Only marks of this one. */
  readonly group?: string;
}

/**
 * Ids begin with the time they were made at (UUIDv7), so a range of the index that every collection has finds the old rows. The
 * time in the row decides: an event may be published, applied or given back long after it came about.
 */
async function purgeRows(
  rows: mongo.Collection<Stored>,
  before: Date | undefined,
  isOver: (before: Date) => mongo.Filter<Stored>,
  { until, stopping, group }: Bounds,
): Promise<number> {
  if (!before) return 0;
  const over = isOver(before);
  let deleted = 0;
  for (let after = ''; !stopping.aborted && performance.now() < until; ) {
    const begun = performance.now();
    const range: mongo.Filter<Stored>[] = [{ _id: { $gt: after, $lt: idPrefixAt(before) } }, over];
    if (group !== undefined) range.push({ _id: { $regex: `:${RegExp.escape(group)}(:|$)` } });
    const found = await rows
      .find({ $and: range }, { sort: { _id: 1 }, limit: portion, projection: { _id: 1 }, hint: { _id: 1 } })
      .toArray();
    const last = found.at(-1);
    if (!last) break;
    after = last._id;
    // Asked again: somebody may have set a row to be published once more.
    const { deletedCount } = await rows.deleteMany({ $and: [{ _id: { $in: found.map(({ _id }) => _id) } }, over] });
    deleted += deletedCount;
    if (found.length < portion) break;
    await sleep(Math.min(longestRestMs, restFactor * (performance.now() - begun)), undefined, { signal: stopping }).catch(() => undefined);
  }
  return deleted;
}

/** Every UUIDv7 that was made before `instant` is below this text. */
function idPrefixAt(instant: Date): string {
  const hex = instant.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** How long each topic can hold an event, in ms. Topics that hold it for ever are left out. */
async function readRetentions({ kafka, topic, listeners, kafkaAnswersMs = 3_000 }: Options): Promise<Map<string, number>> {
  const names = new Set([topic, ...listeners.flatMap((listener) => [listener.topic, parkedTopic(listener)])]);
  const admin = kafka.admin();
  const read = async () => {
    await admin.connect();
    const type = kafkajs.ConfigResourceTypes.TOPIC;
    return admin.describeConfigs({ includeSynonyms: false, resources: [...names].map((name) => ({ type, name, configNames })) });
  };
  try {
    const { resources } = await withDeadline(read(), kafkaAnswersMs);
    return new Map(
      resources.flatMap(({ resourceName, configEntries }) => {
        const ms = keptMs(new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])));
        return ms === undefined ? [] : [[resourceName, ms] as const];
      }),
    );
  } finally {
    await withDeadline(admin.disconnect(), kafkaAnswersMs).catch(() => undefined);
  }
}

const configNames = ['retention.ms', 'segment.ms', 'cleanup.policy'];

/**
 * Kafka deletes whole segments, when the last record of one is older than the retention; its first was then there for as long as a
 * segment takes. A day more for clocks that differ. What cannot be read counts as for ever.
 */
function keptMs(config: ReadonlyMap<string, string>): number | undefined {
  const retention = Number.parseInt(config.get('retention.ms') ?? '', 10);
  const segment = Number.parseInt(config.get('segment.ms') ?? '', 10);
  if (config.get('cleanup.policy') !== 'delete' || !(retention >= 0) || !(segment >= 0)) return undefined;
  return retention + segment + dayMs;
}
