import type { mongo } from 'mongoose';
import type { CollectionDef, Stored } from './documents.ts';

/** A fact to announce. */
export interface OutboxEvent {
  /** Full name of the fact: "school.billing.v1.InvoicePaid". */
  readonly type: string;
  /** Aggregate whose order matters, also the Kafka key: an opaque id, never personal data. */
  readonly key: string;
  /** The encoded event message of the service. */
  readonly payload: Uint8Array;
}

/** Scope of a read that looks across schools; no write is possible in it. */
export const everySchool: unique symbol = Symbol('every school');

/** What a service's tx is made of: the stores are built over `collection`, and nothing in it reaches the network but MongoDB. */
export interface Session {
  readonly schoolId: string;
  readonly now: Date;
  /** A new UUIDv7; rises with time within a process. */
  newId(): string;
  collection<D extends Stored>(def: CollectionDef<D>): TxCollection<D>;
  /** Announces a fact: its row is committed with the state, and the relay brings it to Kafka. */
  emit(event: OutboxEvent): void;
}

export type Filter<D> = mongo.Filter<D>;
export interface FindOptions {
  sort?: Record<string, 1 | -1>;
  limit?: number;
  projection?: Record<string, 0 | 1>;
}
export type New<D> = Omit<D, 'schoolId'>;

/**
 * One collection inside one school: `schoolId` is added to every filter and every document. Writes are queued and sent in
 * order, in one bulk write, before the next read of the collection or before the commit. Decide first, write last.
 */
export interface TxCollection<D extends Stored> {
  findOne(filter: Filter<D>, options?: FindOptions): Promise<D | undefined>;
  find(filter: Filter<D>, options?: FindOptions): Promise<D[]>;
  count(filter: Filter<D>): Promise<number>;
  /** `index` names the keys of the index to go by, where the server would weigh several each time. */
  aggregate<T extends object>(pipeline: object[], options?: { index?: Record<string, 1> }): Promise<T[]>;
  /** Changes or makes one document at once, not queued, and returns what was there before. */
  findOneAndUpdate(filter: Filter<D>, update: object[], options: { upsert: true }): Promise<D | undefined>;
  insert(document: New<D>): void;
  /** Replaces the document of this `_id`; `expected` narrows it (a version). When nothing matches, the whole transaction runs again. */
  replace(document: New<D>, expected?: Filter<D>): void;
  /** Must match one, else the whole transaction runs again; `upsert` and `optional` lift that. */
  update(filter: Filter<D>, update: mongo.UpdateFilter<D> | object[], options?: { upsert?: boolean; optional?: boolean }): void;
  updateMany(filter: Filter<D>, update: mongo.UpdateFilter<D> | object[]): void;
  delete(filter: Filter<D>): void;
}
