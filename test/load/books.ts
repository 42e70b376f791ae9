import { setTimeout as sleep } from 'node:timers/promises';
import {
  createTransact,
  ensureCollections,
  kitCollections,
  openConnection,
  outboxRows,
  type Session,
  type Transact,
} from '@schoolbell/service-kit';
import { brokenInvariants } from '@schoolbell/testkit';
import { type Db, MongoClient } from 'mongodb';
import type { World } from './bench.ts';

/** A database of a service's shape: the service's own, or the floor's. */
export interface Books<T> {
  readonly database: string;
  readonly db: Db;
  /** Names of its collections. */
  readonly collections: readonly string[];
  /** As the service writes, for what a round begins with. */
  readonly transact: Transact<T>;
  /** Empty collections with their indexes and validators. Dropped and made anew: deleted rows would slow down what reads past them. */
  empty(): Promise<void>;
  /** Waits until the service's relay has brought everything to Kafka. */
  relayed(): Promise<void>;
  close(): Promise<void>;
}

interface Shape<T> {
  /** As in `<prefix>_<service>`. */
  readonly database: string;
  readonly collections: Parameters<typeof ensureCollections>[1];
  readonly makeTx: (session: Session) => T;
}

export async function openBooks<T>({ mongoUri: uri }: World, { database, collections, makeTx }: Shape<T>): Promise<Books<T>> {
  const all = [...kitCollections, ...collections];
  const connection = await openConnection({ uri, database });
  await ensureCollections(connection, all);
  const client = await MongoClient.connect(uri, { useBigInt64: true });
  const db = client.db(database);
  const { transact } = createTransact({ connection, makeTx });
  return {
    database,
    db,
    collections: all.map(({ name }) => name),
    transact,
    empty: async () => {
      for (const { name } of all) await db.collection(name).drop();
      await ensureCollections(connection, all);
    },
    relayed: async () => {
      while (await db.collection(outboxRows.name).findOne({ pending: true }, { projection: { _id: 1 } })) await sleep(20);
    },
    close: async () => {
      await client.close();
      await connection.close();
    },
  };
}

type Service = NonNullable<NonNullable<Parameters<typeof brokenInvariants>[1]>['services']>[number];

/** Throws unless the books hold the invariants. A floor has nobody who relays, and announces one event's bytes again and again: I4 is not for it. */
export async function assertBooks(
  { mongoUri: uri }: World,
  { database }: Pick<Books<never>, 'database'>,
  { service, relayed }: { service: Service; relayed: boolean },
): Promise<void> {
  const scope = { prefix: database.slice(0, -service.length - 1), services: [service] };
  const broken = (await brokenInvariants({ mongodb: { uri } }, scope)).filter((line) => relayed || !line.startsWith('I4'));
  if (broken.length > 0) throw new Error(`${database}: ${broken.slice(0, 5).join('; ')}`);
}

/** Throws unless each of these collections holds that many documents that fit the filter. */
export async function assertCounts(
  { database, db }: Pick<Books<never>, 'database' | 'db'>,
  expected: Readonly<Record<string, { filter: object; count: number }>>,
): Promise<void> {
  for (const [name, { filter, count }] of Object.entries(expected)) {
    const found = await db.collection(name).countDocuments(filter);
    if (found !== count) throw new Error(`${database}.${name} holds ${found} of ${count} ${JSON.stringify(filter)}`);
  }
}

type Counted = Pick<Books<never>, 'db' | 'collections'>;

/** Throws unless both hold as many documents of the same size, give or take a fiftieth: a floor that writes less is none. */
export async function assertSameFootprint(ours: Counted, floor: Counted, except: readonly string[] = []): Promise<void> {
  for (const name of ours.collections.filter((each) => !except.includes(each))) {
    const [a, b] = [await footprint(ours.db, name), await footprint(floor.db, name)];
    const alike = a.documents === b.documents && Math.abs(a.bytes - b.bytes) <= a.bytes / 50;
    if (!alike) throw new Error(`The floor is not fair: ${name} holds ${JSON.stringify(a)} there and ${JSON.stringify(b)} here`);
  }
}

async function footprint(db: Db, name: string): Promise<{ documents: number; bytes: number }> {
  const sums = { _id: null, documents: { $sum: 1 }, bytes: { $sum: { $bsonSize: '$$ROOT' } } };
  const [found] = await db
    .collection(name)
    .aggregate([{ $group: sums }])
    .toArray();
  return { documents: Number(found?.documents ?? 0), bytes: Number(found?.bytes ?? 0) };
}
