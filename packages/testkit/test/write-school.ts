import type { MongoClient } from 'mongodb';
import type { Row } from './rows-at-rest.ts';
import { databases } from './school-at-rest.ts';

/** Writes the school at rest, or only some collections ("billing.ledger"). No index guards it: a test can break whatever it likes. */
export async function writeSchool(client: MongoClient, prefix: string, only?: ReadonlySet<string>): Promise<void> {
  const collections = Object.entries(databases).flatMap(([service, named]) =>
    Object.entries(named)
      .filter(([name]) => only?.has(`${service}.${name}`) ?? true)
      .map(([name, rows]) => ({ collection: client.db(`${prefix}_${service}`).collection<Row>(name), rows })),
  );
  await Promise.all(
    collections.map(async ({ collection, rows }) => {
      await collection.deleteMany({});
      await collection.insertMany([...rows]);
    }),
  );
}

export async function forgetSchool(client: MongoClient, prefix: string): Promise<void> {
  for (const service of Object.keys(databases)) await client.db(`${prefix}_${service}`).dropDatabase();
}
