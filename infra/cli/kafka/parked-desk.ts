import { err, ok, type Result } from '@schoolbell/kernel';
import {
  createKafka,
  createLogger,
  createPublisher,
  type EventMeta,
  type KafkaAccess,
  type KafkaClient,
  type Message,
  readMeta,
  retryHeader,
  retryIdHeader,
  withDeadline,
} from '@schoolbell/service-kit';
import type { Admin, IHeaders, KafkaMessage } from 'kafkajs';
import { v7 as uuidv7 } from 'uuid';
import { type Place, readPlaces } from './read-places.ts';

/** A message that a group put aside on `<topic>.parked.<group>`, as often as it did. */
export interface ParkedEvent {
  /** The parked topic. */
  readonly topic: string;
  readonly group: string;
  readonly partition: number;
  /** Where each of its records lies in the partition, oldest first; the rest of this describes the latest. */
  readonly offsets: readonly string[];
  /** Undefined where it is no event at all: it can only be discarded. */
  readonly meta: EventMeta | undefined;
  /** The refusal's code, or the name of the error. */
  readonly cause: string;
  readonly attempts: number;
  /** Name and scrubbed text of the error behind the cause; empty where none was thrown. */
  readonly error: string;
  /** ISO 8601; empty where nobody said so. */
  readonly parkedAt: string;
  /** Where the group found it. */
  readonly origin: { readonly topic: string; readonly partition: string; readonly offset: string };
  readonly key: Buffer | null;
  readonly headers: IHeaders;
  readonly bytes: number;
  /** Only when it was asked for. */
  readonly value?: Buffer;
  /** Absent while it waits for a person. */
  readonly done?: ParkedDone;
}

export interface ParkedDone {
  readonly how: 'retried' | 'discarded';
  readonly by: string;
  /** ISO 8601 */
  readonly at: string;
  readonly reason: string;
}

interface Reading {
  /** A parked topic or a group; everything that is parked without it. */
  readonly at?: string | undefined;
  /** Records read at most, the newest of each partition: what is shown as waiting does wait, but older ones may be missing. */
  readonly most?: number;
  /** With the payloads, which `retry` needs. */
  readonly whole?: boolean;
}

/** An operator's access to what is parked, on Kafka itself. Kafka that does not answer throws. */
export interface ParkedDesk {
  /** Oldest first; `unread` counts the records beyond the bound. */
  read(reading: Reading): Promise<{ readonly topics: string[]; readonly events: ParkedEvent[]; readonly unread: number }>;
  /** Sends each to its topic again, for the group that parked it alone. Twice is harmless: the inbox applies it once. */
  retry(events: readonly ParkedEvent[], by: string): Promise<Result<'given back', { readonly code: 'NOT_AN_EVENT' }>>;
  discard(events: readonly ParkedEvent[], by: string, reason: string): Promise<void>;
  close(): Promise<void>;
}

const mostRecords = 10_000;
const readLimitMs = 120_000;

export async function openParkedDesk(access: KafkaAccess): Promise<ParkedDesk> {
  const kafka = createKafka({ ...access, clientId: 'schoolbell-operator' }, createLogger('schoolbell', 'silent'));
  const admin = kafka.admin();
  await admin.connect();
  const publisher = createPublisher(kafka);

  const note = (batch: readonly ParkedEvent[], topic: string, headers: Readonly<Record<string, string>>): Promise<void> =>
    publisher.send(
      topic,
      batch.map((event) => doneRecord(event, headers)),
    );
  return {
    async read({ at, most = mostRecords, whole = false }) {
      const topics = (await admin.listTopics()).filter((topic) => isAt(topic, at)).sort();
      const { tails, unread } = await tailsOf(admin, topics, most);
      const folded = fold(whole);
      await readTails(kafka, admin, tails, folded.take);
      return { topics, events: folded.events(), unread };
    },
    async retry(events, by) {
      if (events.some(({ meta }) => !meta)) return err({ code: 'NOT_AN_EVENT' });
      // The events of an aggregate in their own order, whatever the order in which they were parked.
      for (const [topic, batch] of batchesOf(events.toSorted((a, b) => (a.meta?.version ?? 0) - (b.meta?.version ?? 0)))) {
        const retryId = uuidv7();
        const copies = batch.map((event) => copyOf(event, retryId));
        await publisher.send(splitTopic(topic).topic, copies);
        // Only now: a process that dies in between leaves events that seem to wait, never one that is lost.
        await note(batch, topic, { 'parked-done': 'retried', 'parked-done-by': by, [retryIdHeader]: retryId });
      }
      return ok('given back');
    },
    async discard(events, by, reason) {
      const headers = { 'parked-done': 'discarded', 'parked-done-by': by, 'parked-done-reason': reason };
      for (const [topic, batch] of batchesOf(events)) await note(batch, topic, headers);
    },
    async close() {
      await publisher.close();
      await admin.disconnect().catch(() => undefined);
    },
  };
}

// A broker takes a megabyte at once.
const batchEvents = 100;
const batchBytes = 256 * 1024;

function* batchesOf(events: readonly ParkedEvent[]): Generator<[topic: string, batch: ParkedEvent[]]> {
  for (const [topic, all] of Map.groupBy(events, (event) => event.topic)) {
    for (let from = 0, to = 0; from < all.length; from = to) {
      for (let bytes = 0; to < all.length && to - from < batchEvents; to++) {
        bytes += all[to]?.bytes ?? 0;
        if (bytes > batchBytes && to > from) break;
      }
      yield [topic, all.slice(from, to)];
    }
  }
}

const parkedName = /^(.+)\.parked\.(.+)$/;

function splitTopic(parkedTopic: string): { readonly topic: string; readonly group: string } {
  const [, topic = '', group = ''] = parkedName.exec(parkedTopic) ?? [];
  return { topic, group };
}

function isAt(topic: string, at: string | undefined): boolean {
  return parkedName.test(topic) && (at === undefined || at === topic || at === splitTopic(topic).group);
}

/** The message as it was announced, for one group. */
function copyOf({ group, key, value, headers }: ParkedEvent, retryId: string): Message {
  if (value === undefined) throw new TypeError('What is given back must have been read with its payload');
  const original = Object.entries(headers).filter(([name]) => !name.startsWith('parked-'));
  return { key, value, headers: { ...Object.fromEntries(original), [retryHeader]: group, [retryIdHeader]: retryId } };
}

/** Stands beside the record it is about and names the last one that was seen: one that is parked after that waits again. */
function doneRecord(event: ParkedEvent, headers: Readonly<Record<string, string>>): Message {
  const about = {
    'parked-event': identity(event),
    'parked-through': event.offsets.at(-1) ?? '',
    'parked-done-at': new Date().toISOString(),
  };
  return { partition: event.partition, key: event.key, value: null, headers: { ...headers, ...about } };
}

/** What is no event is known by the place where it was found, so that parking it twice makes it one. */
function identity({ meta, origin }: Pick<ParkedEvent, 'meta' | 'origin'>): string {
  return meta?.id ?? `${origin.topic}/${origin.partition}/${origin.offset}`;
}

/** The records of a parked topic tell a story: parked, given back, parked again, discarded. This keeps where each event stands. */
function fold(whole: boolean): { take(topic: string, partition: number, record: KafkaMessage): void; events(): ParkedEvent[] } {
  const events = new Map<string, ParkedEvent>();
  return {
    take(topic, partition, record) {
      const closed = doneOf(record.headers);
      if (closed) {
        const place = `${topic}/${partition}/${closed.event}`;
        const event = events.get(place);
        if (event && BigInt(event.offsets.at(-1) ?? 0) <= closed.through) events.set(place, { ...event, done: closed.done });
        return;
      }
      const parked = parkedOf(topic, partition, record, whole);
      const place = `${topic}/${partition}/${identity(parked)}`;
      events.set(place, { ...parked, offsets: [...(events.get(place)?.offsets ?? []), record.offset] });
    },
    events: () => [...events.values()].sort((a, b) => a.parkedAt.localeCompare(b.parkedAt)),
  };
}

function parkedOf(topic: string, partition: number, record: KafkaMessage, whole: boolean): ParkedEvent {
  const { headers = {}, key, value, offset } = record;
  const text = (name: string): string => textOf(headers, name);
  const meta = value === null ? undefined : readMeta({ headers, key, timestamp: record.timestamp });
  return {
    topic,
    group: splitTopic(topic).group,
    partition,
    offsets: [offset],
    meta,
    cause: text('parked-cause'),
    attempts: Number(text('parked-attempts')) || 0,
    error: text('parked-error'),
    parkedAt: text('parked-at'),
    origin: {
      topic: splitTopic(topic).topic,
      partition: text('parked-partition') || `parked ${partition}`,
      offset: text('parked-offset') || offset,
    },
    key,
    headers,
    bytes: value?.length ?? 0,
    ...(whole && value && { value }),
  };
}

function doneOf(
  headers: IHeaders | undefined,
): { readonly event: string; readonly through: bigint; readonly done: ParkedDone } | undefined {
  const text = (name: string): string => textOf(headers ?? {}, name);
  const how = text('parked-done');
  if (how !== 'retried' && how !== 'discarded') return undefined;
  const through = /^\d{1,19}$/.test(text('parked-through')) ? BigInt(text('parked-through')) : -1n;
  const done = { how, by: text('parked-done-by'), at: text('parked-done-at'), reason: text('parked-done-reason') } as const;
  return { event: text('parked-event'), through, done };
}

function textOf(headers: IHeaders, name: string): string {
  const value = headers[name];
  return value === undefined || Array.isArray(value) ? '' : value.toString();
}

/** What is still to be read of a partition. */
interface Tail extends Place {
  readonly to: bigint;
}

/**
 * The newest records of each partition, `most` in all. Not the oldest: what was done about an event stands after it, and without
 * that it would seem to wait. A partition that needs less than its share leaves the rest to the others.
 */
async function tailsOf(admin: Admin, topics: readonly string[], most: number): Promise<{ tails: Tail[]; unread: number }> {
  const ends: { topic: string; partition: number; size: bigint; to: bigint }[] = [];
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      ends.push({ topic, partition, size: BigInt(high) - BigInt(low), to: BigInt(high) });
    }
  }
  ends.sort((a, b) => Number(a.size - b.size));
  let left = BigInt(most);
  let unread = 0n;
  const tails = ends.map(({ topic, partition, size, to }, index): Tail => {
    const share = left / BigInt(ends.length - index);
    const taken = size < share ? size : share;
    left -= taken;
    unread += size - taken;
    return { topic, partition, next: to - taken, to };
  });
  return { tails: tails.filter(({ next, to }) => next < to), unread: Number(unread) };
}

type Take = (topic: string, partition: number, record: KafkaMessage) => void;

async function readTails(kafka: KafkaClient, admin: Admin, tails: readonly Tail[], take: Take): Promise<void> {
  if (tails.length === 0) return;
  const over = new AbortController();
  const everything = readPlaces(kafka, admin, {
    places: tails,
    onRecord: ({ topic, partition, to }, record) => {
      if (BigInt(record.offset) < to) take(topic, partition, record);
    },
    onFetched: () => {
      if (tails.every(({ next, to }) => next >= to)) over.abort();
    },
    signal: over.signal,
  });
  await withDeadline(everything, readLimitMs).finally(() => over.abort());
}
