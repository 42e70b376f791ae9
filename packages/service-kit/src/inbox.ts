import type { Refusal, Result } from '@schoolbell/kernel';
import type { EventMeta } from './cloud-events.ts';
import { inboxRows } from './kit-collections.ts';
import type { Session } from './session.ts';
import { span } from './tracing.ts';
import type { Transact } from './transact.ts';

/** One topic heard by one consumer group of a service, and what it does with each event. */
export interface Listener<T> {
  readonly topic: string;
  /** "<service>.<source>": "notification.billing". */
  readonly group: string;
  /**
   * Applies one event inside the transaction that also marks it as seen. A refusal parks the event at once; a throw is tried
   * again and then parks it; an engine that is away is waited for.
   */
  readonly apply: (tx: T, body: Uint8Array, meta: EventMeta) => Promise<Result<unknown, Refusal>>;
}

/** Joins the decoder of a service's events with the switch that handles them. */
export function listener<T, E>(options: {
  topic: string;
  group: string;
  decode: (body: Uint8Array) => E;
  handle: (tx: T, event: E, meta: EventMeta) => Promise<Result<unknown, Refusal>>;
}): Listener<T> {
  const { topic, group, decode, handle } = options;
  return { topic, group, apply: (tx, body, meta) => handle(tx, decode(body), meta) };
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

/** Applies events of one school in one transaction, in their order, leaving out those that were seen. The first refusal rolls all of them back. */
export function applyEvents<T>(
  transact: Transact<InboxTx<T>>,
  { group, apply }: Listener<T>,
  events: readonly Received[],
): Promise<Applied> {
  const schoolId = events[0]?.meta.schoolId ?? '';
  return transact({ schoolId }, async ({ session, tx }): Promise<Applied> => {
    const inbox = session.collection(inboxRows);
    const ids = events.map(({ meta }) => inboxId(meta.id, group));
    const seen = new Set((await inbox.find({ _id: { $in: ids } }, { projection: { _id: 1 } })).map(({ _id }) => _id));
    let applied = 0;
    for (const { meta, body } of events) {
      const _id = inboxId(meta.id, group);
      if (seen.has(_id)) continue;
      seen.add(_id); // The same event may stand twice in one batch.
      const result = await inSpan(group, meta, () => apply(tx, body, meta));
      if (!result.ok) return { ok: false, refusal: result.refusal };
      inbox.insert({ _id, key: meta.key, version: meta.version, at: session.now });
      applied++;
    }
    return { ok: true, applied };
  });
}

/** Marks a parked event as seen, so that a redelivery does not park it again. */
export async function markParked<T>(transact: Transact<InboxTx<T>>, group: string, meta: EventMeta, cause: string): Promise<void> {
  await transact({ schoolId: meta.schoolId }, async ({ session }) => {
    const inbox = session.collection(inboxRows);
    const _id = inboxId(meta.id, group);
    if (await inbox.findOne({ _id })) return;
    inbox.insert({ _id, key: meta.key, version: meta.version, at: session.now, parked: cause });
  });
}

function inboxId(eventId: string, group: string): string {
  return `${eventId}:${group}`;
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
