import { v7 as uuidv7 } from 'uuid';
import { type OutboxRow, outboxRows, type StreamRow, streamRows } from './kit-collections.ts';
import type { OutboxEvent, Session, TxCollection } from './session.ts';

/** A fact with the trace in which it came about: one batch may hold many. */
export interface Emitted {
  readonly event: OutboxEvent;
  readonly traceparent?: string;
}

/**
 * Writes the rows of `events`, each with the next version of its aggregate. The stream row serialises writers of one aggregate, so
 * versions rise in commit order; and because an id is never below the one before it, ids rise with them even where two
 * machines' clocks differ. The relay can therefore sort by id.
 */
export async function writeOutbox(session: Session, events: readonly Emitted[]): Promise<void> {
  const rows = session.collection(outboxRows);
  const counts = new Map<string, number>();
  for (const { event } of events) counts.set(event.key, (counts.get(event.key) ?? 0) + 1);
  const places = await advance(session.collection(streamRows), counts);
  for (const { event, traceparent } of events) {
    const { type, key, payload } = event;
    const place = places.get(key)?.next().value;
    if (!place) throw new Error('An event has no place in its stream');
    const row: Omit<OutboxRow, 'schoolId'> = { ...place, type, key, at: session.now, payload, pending: true };
    rows.insert(traceparent ? { ...row, traceparent } : row);
  }
}

type Place = Pick<OutboxRow, '_id' | 'version'>;
type Streams = TxCollection<StreamRow>;

/** Moves each stream on by so many events, and says which ids and versions those have. */
async function advance(streams: Streams, counts: ReadonlyMap<string, number>): Promise<Map<string, Iterator<Place, undefined>>> {
  const places = new Map<string, Iterator<Place, undefined>>();
  const [only, ...others] = counts;
  if (only && others.length === 0) return places.set(only[0], (await advanceOne(streams, ...only)).values());
  const known = new Map((await streams.find({ _id: { $in: [...counts.keys()] } })).map((stream) => [stream._id, stream]));
  for (const [key, count] of counts) {
    const before = known.get(key);
    const moved = placesAfter(before, idsAfter(before?.lastId, count));
    const next = { _id: key, version: (before?.version ?? 0) + count, lastId: moved.at(-1)?._id ?? '' };
    if (before) streams.replace(next, { version: before.version });
    else streams.insert(next);
    places.set(key, moved.values());
  }
  return places;
}

/** Most transactions announce for one aggregate: one round trip instead of two. */
async function advanceOne(streams: Streams, key: string, count: number): Promise<Place[]> {
  const ids = idsAfter(undefined, count);
  const version = { $add: [{ $ifNull: ['$version', 0] }, count] };
  const before = await streams.findOneAndUpdate({ _id: key }, [{ $set: { version, lastId: { $max: ['$lastId', ids.at(-1)] } } }], {
    upsert: true,
  });
  if (before === undefined || before.lastId < (ids[0] ?? '')) return placesAfter(before, ids);
  // Another machine's clock is ahead of ours: go on behind its last id.
  const behind = idsAfter(before.lastId, count);
  streams.update({ _id: key }, { $set: { lastId: behind.at(-1) ?? '' } });
  return placesAfter(before, behind);
}

function placesAfter(before: StreamRow | undefined, ids: readonly string[]): Place[] {
  return ids.map((_id, at) => ({ _id, version: (before?.version ?? 0) + at + 1 }));
}

function idsAfter(last: string | undefined, count: number): string[] {
  const ids: string[] = [];
  for (let made = 0, before = last; made < count; made++) {
    before = idAfter(before);
    ids.push(before);
  }
  return ids;
}

function idAfter(last: string | undefined): string {
  const id = uuidv7();
  if (last === undefined || id > last) return id;
  return uuidv7({ msecs: Number.parseInt(last.replaceAll('-', '').slice(0, 12), 16) + 1 });
}
