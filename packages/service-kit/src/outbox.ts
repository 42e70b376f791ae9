import { v7 as uuidv7 } from 'uuid';
import { type OutboxRow, outboxRows, type StreamRow, streamRows } from './kit-collections.ts';
import type { OutboxEvent, Session } from './session.ts';

/** A fact with the trace in which it came about: one batch may hold many. */
export interface Emitted {
  readonly event: OutboxEvent;
  readonly traceparent?: string;
}

/**
 * Queues the rows of `events`, each with the next version of its aggregate. The stream row serialises writers of one aggregate, so
 * versions rise in commit order; and because an id is made after the one before it was read, ids rise with them even
 * where two machines' clocks differ. The relay can therefore sort by id.
 */
export async function writeOutbox(session: Session, events: readonly Emitted[]): Promise<void> {
  const rows = session.collection(outboxRows);
  const streams = session.collection(streamRows);
  const keys = [...new Set(events.map(({ event }) => event.key))];
  const known = new Map((await streams.find({ _id: { $in: keys } })).map((stream) => [stream._id, stream]));
  const moved = new Map<string, Omit<StreamRow, 'schoolId'>>();
  for (const { event, traceparent } of events) {
    const { type, key, payload } = event;
    const last = moved.get(key) ?? known.get(key);
    const next = { _id: key, version: (last?.version ?? 0) + 1, lastId: idAfter(last?.lastId) };
    moved.set(key, next);
    const row: Omit<OutboxRow, 'schoolId'> = {
      _id: next.lastId,
      type,
      key,
      version: next.version,
      at: session.now,
      payload,
      pending: true,
    };
    rows.insert(traceparent ? { ...row, traceparent } : row);
  }
  for (const next of moved.values()) {
    const before = known.get(next._id);
    if (before) streams.replace(next, { version: before.version });
    else streams.insert(next);
  }
}

function idAfter(last: string | undefined): string {
  const id = uuidv7();
  if (last === undefined || id > last) return id;
  return uuidv7({ msecs: Number.parseInt(last.replaceAll('-', '').slice(0, 12), 16) + 1 });
}
