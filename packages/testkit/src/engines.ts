import { randomBytes } from 'node:crypto';
import {
  type CollectionDef,
  createTransact,
  ensureCollections,
  kitCollections,
  openConnection,
  type Read,
  type Session,
  type Stored,
  type Transact,
} from '@schoolbell/service-kit';
import type { mongo } from 'mongoose';
import { inject } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A replica set with one member, shared by all tests of the run. */
    mongoUri: string;
    /** A broker, shared by all tests of the run. */
    kafkaBrokers: string[];
  }
}

/** A database of its own on the run's real mongod, gone when it is closed as far as its test can see. */
export interface TestDatabase<T> {
  readonly db: mongo.Db;
  readonly transact: Transact<T>;
  readonly read: Read<T>;
  /** The clock that `tx.now` shows. */
  readonly now: () => Date;
  /** Sets that clock; it is the wall clock until then. */
  setNow(instant: Date): void;
  /** Types of the events announced so far, in commit order. */
  announced(): Promise<string[]>;
  close(): Promise<void>;
}

/** What waits for longer hangs; a busy machine makes everybody wait. */
const patienceMs = 120_000;

/** Opens an empty database with the collections of a service and the kit, and the tx of that service over it. */
export async function testDatabase<T>(collections: readonly AnyDef[], makeTx: (session: Session) => T): Promise<TestDatabase<T>> {
  const spares = sparesOf(collections);
  const name = spares.pop() ?? `test_${randomBytes(6).toString('hex')}`;
  const connection = await openConnection({ uri: inject('mongoUri'), database: name });
  await ensureCollections(connection, [...collections, ...kitCollections]);
  const db = connection.getClient().db(name);
  let set: Date | undefined;
  const now = () => set ?? new Date();
  const { transact, read } = createTransact({ connection, makeTx, clock: now, patienceMs });
  return {
    db,
    transact,
    read,
    now,
    setNow: (instant) => {
      set = instant;
    },
    announced: async () => (await db.collection('outbox').find().sort({ _id: 1 }).toArray()).map(({ type }) => String(type)),
    close: async () => {
      await empty(db);
      await connection.close();
      spares.push(name);
    },
  };
}

/** Emptied databases by their collections: making and dropping them costs ten times what emptying does. They go with the engines. */
const emptied = new Map<string, string[]>();

function sparesOf(collections: readonly AnyDef[]): string[] {
  const kind = collections.map(({ name }) => name).join();
  const spares = emptied.get(kind) ?? [];
  emptied.set(kind, spares);
  return spares;
}

async function empty(db: mongo.Db): Promise<void> {
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) await db.collection(name).deleteMany({});
}

type AnyDef = Pick<CollectionDef<Stored>, 'name' | 'schema' | 'jsonSchema'>;
