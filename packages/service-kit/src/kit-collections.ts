import mongoose from 'mongoose';
import { defineCollection, type Stored } from './documents.ts';

const { Schema } = mongoose;

/** An event that was committed with the state it tells of. `_id` is its id everywhere (ce_id), a UUIDv7. */
export interface OutboxRow extends Stored {
  type: string;
  /** Aggregate whose order matters; also the Kafka key. */
  key: string;
  /** 1, 2, 3 … per key, without gaps. */
  version: number;
  at: Date;
  traceparent?: string;
  payload: Uint8Array;
  /** Present while it is not on Kafka yet. */
  pending?: true;
  sentAt?: Date;
}

const outboxSchema = new Schema({
  type: { type: String, required: true },
  key: { type: String, required: true },
  version: { type: Number, required: true },
  at: { type: Date, required: true },
  traceparent: String,
  payload: { type: Buffer, required: true },
  pending: Boolean,
  sentAt: Date,
});
outboxSchema.index({ pending: 1, _id: 1 }, { partialFilterExpression: { pending: true } });
export const outboxRows = defineCollection<OutboxRow>('outbox', outboxSchema);

/** How far the events of one aggregate have come. `_id` is the Kafka key. */
export interface StreamRow extends Stored {
  version: number;
  lastId: string;
}
export const streamRows = defineCollection<StreamRow>(
  'streams',
  new Schema({ version: { type: Number, required: true }, lastId: { type: String, required: true } }),
);

/** An event that a consumer group has applied, or parked. `_id` is `<event id>:<group>`, with `:<retry id>` behind it for a copy that failed again. */
export interface InboxRow extends Stored {
  key: string;
  version: number;
  /** When it was applied, or parked. */
  at: Date;
  parked?: string;
  /** When it was parked, where it was applied after that. */
  parkedAt?: Date;
}
export const inboxRows = defineCollection<InboxRow>(
  'inbox',
  new Schema({
    key: { type: String, required: true },
    version: { type: Number, required: true },
    at: { type: Date, required: true },
    parked: String,
    parkedAt: Date,
  }),
);

/** How often work on one place of one partition was begun: finds the message that ends the process. `_id` is `<group>:<topic>:<partition>`. */
export interface StartedRow {
  _id: string;
  offset: string;
  attempts: number;
  /** Last offset of a chunk that was begun too often: up to here messages are taken one by one. */
  singlyUntil?: string;
}

/** A lease: at most one process holds it. `_id` is its name. */
export interface LeaseRow {
  _id: string;
  holder: string;
  until: Date;
}

export const kitCollections = [outboxRows, streamRows, inboxRows] as const;
export const startedName = 'started';
export const leasesName = 'leases';
