import type { Message } from './kafka.ts';
import type { OutboxRow } from './kit-collections.ts';

/** What a consumer knows of an event besides its body. */
export interface EventMeta {
  /** Unique per source; what the inbox drops repeats by. A UUIDv7. */
  readonly id: string;
  /** Full name of the fact: "school.billing.v1.InvoicePaid". */
  readonly type: string;
  readonly schoolId: string;
  /** Aggregate it belongs to, and Kafka key. */
  readonly key: string;
  /** Place among the events of its aggregate: 1, 2, 3 … */
  readonly version: number;
  /** When it was committed. */
  readonly occurredAt: Date;
  /** When the broker had it. */
  readonly announcedAt: Date;
  readonly traceparent?: string;
  /** A copy that an operator gave back: the one group that takes it although it parked the event, and the copy's own id. */
  readonly retry?: { readonly group: string; readonly id: string };
}

/** Headers of a copy that is given back to the group that parked it. */
export const retryHeader = 'parked-retry';
export const retryIdHeader = 'parked-retry-id';

/** The record of an event: CloudEvents 1.0, Kafka protocol binding, binary content mode. */
export function toMessage(row: Omit<OutboxRow, 'traceparent'>, source: string, traceparent: string | undefined): Message {
  return {
    key: row.key,
    value: Buffer.from(row.payload.buffer, row.payload.byteOffset, row.payload.byteLength),
    headers: {
      ce_specversion: '1.0',
      ce_id: row._id,
      ce_source: source,
      ce_type: row.type,
      ce_time: row.at.toISOString(),
      ce_partitionkey: row.key,
      ce_schoolid: row.schoolId,
      ce_aggregateversion: String(row.version),
      'content-type': 'application/protobuf',
      ...(traceparent ? { traceparent } : {}),
    },
  };
}

type Headers = Record<string, Buffer | string | (Buffer | string)[] | undefined>;

/** What the headers say; undefined when they are no event of ours. Malformed events are refused, not repaired. */
export function readMeta({
  headers = {},
  key,
  timestamp,
}: {
  headers?: Headers;
  key: Buffer | null;
  timestamp: string;
}): EventMeta | undefined {
  const text = (name: string): string => {
    const value = headers[name];
    return value === undefined || Array.isArray(value) ? '' : value.toString();
  };
  const version = Number(text('ce_aggregateversion'));
  const occurredAt = new Date(text('ce_time'));
  const meta = { id: text('ce_id'), type: text('ce_type'), schoolId: text('ce_schoolid'), key: key?.toString() ?? '', version, occurredAt };
  const whole = text('ce_specversion') === '1.0' && meta.id && meta.type && meta.schoolId && meta.key;
  if (!whole || !Number.isSafeInteger(version) || version < 1 || Number.isNaN(occurredAt.getTime())) return undefined;
  const traceparent = text('traceparent');
  const retry = { group: text(retryHeader), id: text(retryIdHeader) };
  const announcedAt = new Date(Number(timestamp));
  return { ...meta, announcedAt, ...(traceparent && { traceparent }), ...(retry.group && retry.id && { retry }) };
}
