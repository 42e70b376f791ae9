import { setTimeout as sleep } from 'node:timers/promises';
import { collections } from '@schoolbell/billing/src/store/indexes.ts';
import { type BillingTx, billingTx } from '@schoolbell/billing/src/tx.ts';
import { createTransact, ensureCollections, kitCollections, openConnection, outboxRows, type Transact } from '@schoolbell/service-kit';
import { brokenInvariants } from '@schoolbell/testkit';
import { type Db, MongoClient } from 'mongodb';
import type { World } from './bench.ts';

/** A database of billing's shape: the service's own, or the floor's. */
export interface BillingBooks {
  readonly database: string;
  readonly db: Db;
  /** As the service writes, for what a round begins with. */
  readonly transact: Transact<BillingTx>;
  /** Empty collections with their indexes and validators. Dropped and made anew: deleted rows would slow down what reads past them. */
  empty(): Promise<void>;
  /** Waits until the service's relay has brought everything to Kafka. */
  relayed(): Promise<void>;
  close(): Promise<void>;
}

const all = [...kitCollections, ...collections];
export const collectionNames: readonly string[] = all.map(({ name }) => name);

/** `prefix` as in `<prefix>_billing`. */
export async function openBooks({ mongoUri: uri }: World, prefix: string): Promise<BillingBooks> {
  const database = `${prefix}_billing`;
  const connection = await openConnection({ uri, database });
  await ensureCollections(connection, all);
  const client = await MongoClient.connect(uri, { useBigInt64: true });
  const db = client.db(database);
  const { transact } = createTransact({ connection, makeTx: billingTx });
  return {
    database,
    db,
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

/** Throws unless the books hold the invariants. A floor has nobody who relays, and announces one payment's bytes again and again: I4 is not for it. */
export async function assertBooks({ mongoUri: uri }: World, { database }: BillingBooks, { relayed }: { relayed: boolean }): Promise<void> {
  const scope = { prefix: database.replace(/_billing$/, ''), services: ['billing'] } as const;
  const broken = (await brokenInvariants({ mongodb: { uri } }, scope)).filter((line) => relayed || !line.startsWith('I4'));
  if (broken.length > 0) throw new Error(`${database}: ${broken.slice(0, 5).join('; ')}`);
}

/** Throws unless each of these collections holds that many documents that fit the filter. */
export async function assertCounts(
  { database, db }: BillingBooks,
  expected: Readonly<Record<string, { filter: object; count: number }>>,
): Promise<void> {
  for (const [name, { filter, count }] of Object.entries(expected)) {
    const found = await db.collection(name).countDocuments(filter);
    if (found !== count) throw new Error(`${database}.${name} holds ${found} of ${count} ${JSON.stringify(filter)}`);
  }
}

// Seals are put on entries minutes later, by a clock that no floor has.
const later = ['seals'];

/** Throws unless both hold as many documents of the same size, give or take a fiftieth: a floor that writes less is none. */
export async function assertSameFootprint(ours: BillingBooks, floor: BillingBooks, except: readonly string[] = []): Promise<void> {
  for (const name of collectionNames.filter((each) => ![...later, ...except].includes(each))) {
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
