import type { mongo } from 'mongoose';
import type { CollectionDef, Stored } from './documents.ts';
import { type Emitted, writeOutbox } from './outbox.ts';
import { everySchool, type Filter, type New, type Session, type TxCollection } from './session.ts';
import { traceparent } from './tracing.ts';

export interface Unit {
  readonly session: Session;
  /** Sends every queued write, the outbox last. */
  flush(): Promise<void>;
  /**
   * Where the unit is nothing but one upsert, which the server does as a whole or not at all: sends it without a transaction,
   * and so without a second round trip to commit it. Absent in every other case.
   */
  alone(): (() => Promise<void>) | undefined;
  emitted(): boolean;
}

interface Options {
  readonly db: mongo.Db;
  /** Absent in a read: writes throw. */
  readonly session?: mongo.ClientSession;
  readonly schoolId: string | typeof everySchool;
  readonly now: Date;
  readonly newId: () => string;
}

// Below what brokers take as one message by default (1 MiB), with room for headers.
const mostEventBytes = 500_000;

export function openUnit({ db, session, schoolId, now, newId }: Options): Unit {
  const queues = new Map<string, QueuedWrite[]>();
  const events: Emitted[] = [];
  let touched = false;
  const scope = schoolId === everySchool ? {} : { schoolId };

  const send = async (name: string): Promise<void> => {
    touched = true;
    const queue = queues.get(name);
    if (!queue || queue.length === 0) return;
    queues.set(name, []);
    await sendQueue(collectionOf(db, name), queue, session);
  };
  const queue = (name: string, write: QueuedWrite): void => {
    if (!session) throw new Error(`A read may not write to ${name}`);
    const queued = queues.get(name);
    if (queued) queued.push(write);
    else queues.set(name, [write]);
  };

  const unitSession: Session = {
    schoolId: typeof schoolId === 'string' ? schoolId : '',
    now,
    newId,
    collection: (def) => openCollection(def, { db, session, scope, send, queue }),
    emit: (event) => {
      if (!session) throw new Error('A read may not announce anything');
      if (event.payload.byteLength > mostEventBytes)
        throw new RangeError(`${event.type} has more than ${mostEventBytes} bytes; no broker would take it`);
      const parent = traceparent();
      events.push(parent ? { event, traceparent: parent } : { event });
    },
  };
  return {
    session: unitSession,
    emitted: () => events.length > 0,
    alone: () => {
      const [[name, writes = []] = ['']] = queues;
      const [only] = writes;
      if (touched || events.length > 0 || queues.size !== 1 || writes.length !== 1 || !only || !isUpsert(only)) return undefined;
      return () => sendQueue(collectionOf(db, name), writes, undefined);
    },
    flush: async () => {
      if (events.length > 0) await writeOutbox(unitSession, events);
      for (const name of queues.keys()) await send(name);
    },
  };
}

interface QueuedWrite {
  readonly write: mongo.AnyBulkWriteOperation<Stored>;
  /** A write that must match exactly one document. */
  readonly strict: boolean;
}

// An insert is left out: its repeat after a lost answer would look like somebody else's document.
function isUpsert({ write }: QueuedWrite): boolean {
  return 'updateOne' in write && write.updateOne.upsert === true;
}

// Opening a collection reads all its options again, and a unit opens a dozen of them.
const collections = new WeakMap<mongo.Db, Map<string, object>>();

function collectionOf<D extends Stored>(db: mongo.Db, name: string): mongo.Collection<D> {
  const known = collections.get(db) ?? new Map<string, object>();
  collections.set(db, known);
  const collection = known.get(name) ?? db.collection<D>(name);
  known.set(name, collection);
  return collection as mongo.Collection<D>;
}

interface Access {
  readonly db: mongo.Db;
  readonly session: mongo.ClientSession | undefined;
  readonly scope: { schoolId?: string };
  readonly send: (name: string) => Promise<void>;
  readonly queue: (name: string, write: QueuedWrite) => void;
}

function openCollection<D extends Stored>(def: CollectionDef<D>, { db, session, scope, send, queue }: Access): TxCollection<D> {
  const { name } = def;
  const collection = collectionOf<D>(db, name);
  // A read tells only what a majority has: a commit that is not safe yet may be gone after the next election.
  const inSession = session ? { session } : { readConcern: { level: 'majority' } as const };
  const scoped = (filter: Filter<D>): Filter<D> => {
    // A misspelt field would match every document, or none (M12).
    for (const path in filter)
      if (!path.startsWith('$') && !def.knows(path)) throw new TypeError(`${name} has no field ${path} to look for`);
    return { ...filter, ...scope };
  };
  const checked = <U extends mongo.UpdateFilter<D> | object[]>(update: U): U => {
    if (Array.isArray(update)) return update;
    const { $set, $setOnInsert } = update as { $set?: object; $setOnInsert?: object };
    if ($set) def.checkPart($set);
    if ($setOnInsert) def.checkPart($setOnInsert);
    return update;
  };
  const stored = (document: New<D>): D => {
    const whole = { ...document, ...scope } as D;
    def.check(whole);
    return whole;
  };
  const put = (write: object, strict = false): void => queue(name, { write: write as QueuedWrite['write'], strict });
  return {
    async findOne(filter, options = {}) {
      await send(name);
      return ((await collection.findOne(scoped(filter), { ...inSession, ...options })) as D | null) ?? undefined;
    },
    async find(filter, options = {}) {
      await send(name);
      return (await collection.find(scoped(filter), { ...inSession, ...options }).toArray()) as D[];
    },
    async count(filter) {
      await send(name);
      return collection.countDocuments(scoped(filter), inSession);
    },
    async aggregate<T extends object>(pipeline: object[], { index }: { index?: Record<string, 1> } = {}) {
      await send(name);
      const options = index ? { ...inSession, hint: index } : inSession;
      return collection.aggregate<T>([{ $match: scope }, ...pipeline], options).toArray();
    },
    async findOneAndUpdate(filter, update, { upsert }) {
      if (!session) throw new Error(`A read may not write to ${name}`);
      await send(name);
      return ((await collection.findOneAndUpdate(scoped(filter), update, { session, upsert })) as D | null) ?? undefined;
    },
    insert: (document) => put({ insertOne: { document: stored(document) } }),
    replace: (document, expected = {}) => {
      const replacement = stored(document);
      put({ replaceOne: { filter: { ...scoped(expected), _id: replacement._id }, replacement } }, true);
    },
    update: (filter, update, { upsert = false, optional = false } = {}) =>
      put({ updateOne: { filter: scoped(filter), update: checked(update), upsert } }, !upsert && !optional),
    updateMany: (filter, update) => put({ updateMany: { filter: scoped(filter), update: checked(update) } }),
    delete: (filter) => put({ deleteMany: { filter: scoped(filter) } }),
  };
}

async function sendQueue(
  collection: mongo.Collection<Stored>,
  queue: readonly QueuedWrite[],
  session: mongo.ClientSession | undefined,
): Promise<void> {
  const options = session ? { session } : {};
  for (let from = 0; from < queue.length; ) {
    const strict = queue[from]?.strict ?? false;
    let to = from;
    while (to < queue.length && queue[to]?.strict === strict) to++;
    const writes = queue.slice(from, to).map(({ write }) => write);
    const matched = await write(collection, writes, options);
    if (strict && matched !== writes.length) throw new ConcurrentWrite(collection.collectionName);
    from = to;
  }
}

/** Sends the writes in one round trip and says how many documents were matched. */
async function write(
  collection: mongo.Collection<Stored>,
  writes: readonly mongo.AnyBulkWriteOperation<Stored>[],
  options: { session?: mongo.ClientSession },
): Promise<number> {
  const [only] = writes;
  if (writes.length > 1 || !only) return (await collection.bulkWrite(writes, { ordered: true, ...options })).matchedCount;
  // Most transactions write one document of a kind, and a bulk of one costs the driver twice as much as the plain command.
  if ('insertOne' in only) {
    await collection.insertOne(only.insertOne.document as Stored, options);
    return 0;
  }
  if ('replaceOne' in only) {
    const { filter, replacement } = only.replaceOne;
    return (await collection.replaceOne(filter, replacement, options)).matchedCount;
  }
  if ('updateOne' in only) {
    const { filter, update, upsert = false } = only.updateOne;
    return (await collection.updateOne(filter, update, { ...options, upsert })).matchedCount;
  }
  return (await collection.bulkWrite(writes, options)).matchedCount;
}

/** Somebody else changed what this transaction had read; the whole transaction runs again. */
export class ConcurrentWrite extends Error {
  override readonly name = 'ConcurrentWriteError';
  constructor(collection: string) {
    super(`A document of ${collection} changed meanwhile`);
  }
}
