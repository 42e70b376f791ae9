import { err, ok, type Refusal, type Result } from '@schoolbell/kernel';
import type { EventMeta } from './cloud-events.ts';
import { inboxRows } from './kit-collections.ts';
import type { Session } from './session.ts';
import { span } from './tracing.ts';
import type { Transact } from './transact.ts';

/** One topic that a consumer group of a service listens to, and what it does with each event. */
export interface Listener<T> {
  readonly topic: string;
  /** "<service>.<source>": "notification.billing". */
  readonly group: string;
  /**
   * Applies one event inside the transaction that also marks it as seen. A refusal parks the event at once, and so do bytes that
   * cannot be decoded; a throw is tried again and then parks it; an engine that is away is waited for.
   */
  readonly apply: (tx: T, body: Uint8Array, meta: EventMeta) => Promise<Result<unknown, Refusal>>;
  /** Ticks of the service for which applied events may leave work: they run at once instead of after their pause. */
  readonly wakes?: readonly string[];
  /**
   * Reads in a few round trips what several events will need, for the stores of `tx` to keep. It comes before the first of them is
   * applied, decides nothing, and may leave out what it cannot read.
   */
  readonly prepare?: (tx: T, received: readonly Received[]) => Promise<void>;
}

/** An event as a listener receives it, with what its headers say. */
export interface Ahead<E> {
  readonly event: E;
  readonly meta: EventMeta;
}

/** Joins the decoder of a service's events with the switch that handles them. */
export function listener<T, E>(options: {
  topic: string;
  group: string;
  decode: (body: Uint8Array) => E;
  handle: (tx: T, event: E, meta: EventMeta) => Promise<Result<unknown, Refusal>>;
  readAhead?: (tx: T, ahead: readonly Ahead<E>[]) => Promise<void>;
  wakes?: readonly string[];
}): Listener<T> {
  const { topic, group, decode, handle, readAhead, wakes = [] } = options;
  return {
    topic,
    group,
    wakes,
    ...(readAhead && {
      prepare: (tx, received) =>
        readAhead(
          tx,
          received.flatMap(({ body, meta }) => whereOk(decoded(decode, body)).map((event) => ({ event, meta }))),
        ),
    }),
    apply: async (tx, body, meta) => {
      const event = decoded(decode, body);
      return event.ok ? handle(tx, event.value, meta) : event;
    },
  };
}

/** Bytes that are no such message will be none at the next try either. */
interface Undecodable {
  readonly code: 'BAD_BYTES';
  readonly error: unknown;
}

function decoded<E>(decode: (body: Uint8Array) => E, body: Uint8Array): Result<E, Undecodable> {
  try {
    return ok(decode(body));
  } catch (error) {
    return err({ code: 'BAD_BYTES', error });
  }
}

function whereOk<E>(event: Result<E, Undecodable>): E[] {
  return event.ok ? [event.value] : [];
}

export interface Received {
  readonly meta: EventMeta;
  readonly body: Uint8Array;
}

/** The two halves of what a consumer's transaction holds: the service's own tx, and the session that marks events as seen. */
export interface InboxTx<T> {
  readonly session: Session;
  readonly tx: T;
}

export type Applied = { readonly ok: true; readonly applied: number } | { readonly ok: false; readonly refusal: Refusal };

/**
 * Applies events of one school in one transaction, in their order, leaving out those that were seen. An event that is parked here
 * is applied when it is given back to this group; one that was applied never is again. The first refusal rolls all of them back.
 */
export function applyEvents<T>(
  transact: Transact<InboxTx<T>>,
  { group, apply, prepare }: Listener<T>,
  events: readonly Received[],
): Promise<Applied> {
  const schoolId = events[0]?.meta.schoolId ?? '';
  return transact({ schoolId }, async ({ session, tx }): Promise<Applied> => {
    const inbox = session.collection(inboxRows);
    const ids = events.flatMap(({ meta }) => idsOf(meta, group));
    const rows = await inbox.find({ _id: { $in: ids } }, { projection: { _id: 1, parked: 1, at: 1 } });
    const seen = new Set(rows.map(({ _id }) => _id));
    const parked = new Map(rows.flatMap((row) => (row.parked === undefined ? [] : [[row._id, row.at] as const])));
    let applied = 0;
    if (prepare && events.length > 1) await prepare(tx, events);
    for (const { meta, body } of events) {
      const [_id, copy] = idsOf(meta, group);
      const again = copy !== undefined && parked.has(_id) && !seen.has(copy);
      if (seen.has(_id) && !again) continue;
      const parkedAt = parked.get(_id);
      seen.add(_id); // The same event may stand twice in one batch.
      parked.delete(_id);
      const result = await inSpan(group, meta, () => apply(tx, body, meta));
      if (!result.ok) return { ok: false, refusal: result.refusal };
      const row = { _id, key: meta.key, version: meta.version, at: session.now };
      if (parkedAt) inbox.replace({ ...row, parkedAt }, { parked: { $exists: true } });
      else inbox.insert(row);
      applied++;
    }
    return { ok: true, applied };
  });
}

/** Marks a parked event as seen, so that a redelivery does not park it again. */
export async function markParked<T>(transact: Transact<InboxTx<T>>, group: string, meta: EventMeta, cause: string): Promise<void> {
  await transact({ schoolId: meta.schoolId }, async ({ session }) => {
    const inbox = session.collection(inboxRows);
    const ids = idsOf(meta, group);
    const there = new Set((await inbox.find({ _id: { $in: ids } }, { projection: { _id: 1 } })).map(({ _id }) => _id));
    for (const _id of ids) {
      if (!there.has(_id)) inbox.insert({ _id, key: meta.key, version: meta.version, at: session.now, parked: cause });
    }
  });
}

/** The row of the event, then that of the copy which is given back to this group: its failure counts once too, however often it comes. */
function idsOf({ id, retry }: EventMeta, group: string): [event: string] | [event: string, copy: string] {
  const event = `${id}:${group}`;
  return retry?.group === group ? [event, `${event}:${retry.id}`] : [event];
}

function inSpan<R>(group: string, meta: EventMeta, work: () => Promise<R>): Promise<R> {
  const attributes = {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'process',
    'messaging.consumer.group.name': group,
    'messaging.message.id': meta.id,
  };
  const options = { kind: 'consumer' as const, attributes };
  return span(`process ${meta.type}`, meta.traceparent ? { ...options, parent: meta.traceparent } : options, work);
}
