import { err, ok } from '@schoolbell/kernel';
import { testDatabase, until } from '@schoolbell/testkit';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { defineCollection, type Stored } from './documents.ts';
import type { OutboxRow } from './kit-collections.ts';
import { metrics } from './metrics.ts';
import { everySchool, type Session } from './session.ts';

interface Purse extends Stored {
  balance: bigint;
  version: number;
}
const purseSchema = new mongoose.Schema({ balance: { type: BigInt, required: true }, version: { type: Number, required: true } });
purseSchema.index({ schoolId: 1, balance: 1 });
const purses = defineCollection<Purse>('purses', purseSchema);

const makeTx = (session: Session) => ({ purses: session.collection(purses), session });
let elsewhere: mongoose.mongo.MongoClient;
let database: Awaited<ReturnType<typeof testDatabase<ReturnType<typeof makeTx>>>>;
beforeAll(async () => {
  database = await testDatabase([purses], makeTx);
  elsewhere = await mongoose
    .createConnection(inject('mongoUri'))
    .asPromise()
    .then((connection) => connection.getClient());
});
afterAll(async () => {
  await database.close();
  await elsewhere.close();
});

const schoolId = 'school-a';

/** Transactions of this file's database that the server has begun and not ended. */
async function openTransactions(): Promise<number> {
  const ours = { appName: database.db.databaseName, transaction: { $exists: true } };
  const open = elsewhere.db('admin').aggregate([{ $currentOp: { idleSessions: true } }, { $match: ours }]);
  return (await open.toArray()).length;
}

describe('transact', () => {
  test('a refusal rolls back everything that was written before it', async () => {
    const result = await database.transact({ schoolId }, async (tx) => {
      tx.purses.insert({ _id: 'refused', balance: 1n, version: 1 });
      tx.session.emit({ type: 'school.test.v1.Opened', key: 'refused', payload: Buffer.from('x') });
      await tx.purses.findOne({ _id: 'refused' });
      return err({ code: 'NO' });
    });
    expect(result).toEqual(err({ code: 'NO' }));
    expect(await database.db.collection('purses').countDocuments()).toBe(0);
    expect(await database.announced()).toEqual([]);
  });

  test('a read inside the transaction sees the writes queued before it', async () => {
    const seen = await database.transact({ schoolId }, async (tx) => {
      tx.purses.insert({ _id: 'own', balance: 7n, version: 1 });
      return tx.purses.findOne({ _id: 'own' });
    });
    expect(seen).toEqual({ _id: 'own', schoolId, balance: 7n, version: 1 });
  });

  test('concurrent writers of one document all take effect, each once', async () => {
    await database.transact({ schoolId }, async (tx) => tx.purses.insert({ _id: 'busy', balance: 0n, version: 0 }));
    const add = () =>
      database.transact({ schoolId }, async (tx) => {
        const purse = await tx.purses.findOne({ _id: 'busy' });
        if (!purse) throw new Error('gone');
        tx.purses.replace({ _id: 'busy', balance: purse.balance + 1n, version: purse.version + 1 }, { version: purse.version });
        tx.session.emit({ type: 'school.test.v1.Added', key: 'busy', payload: Buffer.from([1]) });
        return ok(undefined);
      });
    await Promise.all(Array.from({ length: 20 }, add));
    const [purse] = await database.db.collection('purses').find({ balance: 20 }).toArray();
    expect(purse).toMatchObject({ _id: 'busy', version: 20 });
    const rows = await database.db.collection<OutboxRow>('outbox').find({ key: 'busy' }).sort({ _id: 1 }).toArray();
    expect(rows.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  test('a duplicate key means that somebody was first: the second run finds the first answer', async () => {
    const open = (balance: bigint) =>
      database.transact({ schoolId }, async (tx) => {
        const first = await tx.purses.findOne({ _id: 'raced' });
        if (first) return first.balance;
        tx.purses.insert({ _id: 'raced', balance, version: 1 });
        return balance;
      });
    const answers = await Promise.all([open(1n), open(2n), open(3n), open(4n)]);
    expect(new Set(answers).size).toBe(1);
  });

  test('a document with a wrong type, a missing or an unknown field is never written', async () => {
    const write = (document: object) =>
      database.transact({ schoolId }, async (tx) => tx.purses.insert(document as Omit<Purse, 'schoolId'>));
    await expect(write({ _id: 'bad', balance: 1, version: 1 })).rejects.toThrow('purses.balance must be BigInt');
    await expect(write({ _id: 'bad', balance: 1n })).rejects.toThrow('purses.version must be a value');
    await expect(write({ _id: 'bad', balance: 1n, version: 1, extra: 'x' })).rejects.toThrow('purses.extra is not in the schema');
  });

  test('a misspelt field is neither looked for nor set', async () => {
    const look = database.read({ schoolId }, (tx) => tx.purses.find({ balanec: 1n } as object));
    await expect(look).rejects.toThrow('purses has no field balanec');
    const set = (fields: object) => database.transact({ schoolId }, async (tx) => tx.purses.update({ _id: 'own' }, { $set: fields }));
    await expect(set({ balanec: 1n })).rejects.toThrow('balanec');
    await expect(set({ balance: 1 })).rejects.toThrow('balance');
  });

  test('one school never sees or changes what belongs to another', async () => {
    await database.transact({ schoolId: 'school-b' }, async (tx) => tx.purses.insert({ _id: 'theirs', balance: 5n, version: 1 }));
    expect(await database.read({ schoolId }, (tx) => tx.purses.findOne({ _id: 'theirs' }))).toBeUndefined();
    expect(await database.read({ schoolId: everySchool }, (tx) => tx.purses.findOne({ _id: 'theirs' }))).toMatchObject({
      schoolId: 'school-b',
    });
    const overwrite = database.transact({ schoolId, deadline: new Date(Date.now() + 700) }, async (tx) =>
      tx.purses.update({ _id: 'theirs' }, { $set: { balance: 0n } }),
    );
    await expect(overwrite).rejects.toThrow();
    expect(await database.read({ schoolId: 'school-b' }, (tx) => tx.purses.findOne({ _id: 'theirs' }))).toMatchObject({ balance: 5n });
  });

  test('a unit that is nothing but one upsert is written without a commit of its own', async () => {
    const admin = database.db.admin();
    const data = { failCommands: ['commitTransaction'], errorCode: 8000, appName: database.db.databaseName };
    await admin.command({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data });
    try {
      await database.transact({ schoolId }, async (tx) =>
        tx.purses.update({ _id: 'alone' }, { $inc: { version: 1 }, $set: { balance: 2n } }, { upsert: true }),
      );
    } finally {
      await admin.command({ configureFailPoint: 'failCommand', mode: 'off' });
    }
    expect(await database.read({ schoolId }, (tx) => tx.purses.findOne({ _id: 'alone' }))).toMatchObject({ balance: 2n, version: 1 });
  });

  test('a commit whose reply is lost takes effect once', async () => {
    const admin = database.db.admin();
    const lostReply = { failCommands: ['commitTransaction'], closeConnection: true, appName: database.db.databaseName };
    await admin.command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data: lostReply });
    let runs = 0;
    await database.transact({ schoolId }, async (tx) => {
      runs++;
      tx.purses.insert({ _id: 'unsure', balance: 3n, version: 1 });
      tx.session.emit({ type: 'school.test.v1.Opened', key: 'unsure', payload: Buffer.from('x') });
    });
    expect(runs).toBe(1);
    expect(await database.db.collection('outbox').countDocuments({ key: 'unsure' })).toBe(1);
  });

  test('a commit that nobody answers for long is asked for again and never done twice', async () => {
    const admin = database.db.admin();
    const data = { failCommands: ['commitTransaction'], closeConnection: true, appName: database.db.databaseName };
    let runs = 0;
    const retries = async () => (await metrics.transactionRetries.get()).values[0]?.value ?? 0;
    const before = await retries();
    const work = database.transact({ schoolId }, async (tx) => {
      runs++;
      tx.purses.insert({ _id: 'gone', balance: 3n, version: 1 });
      await tx.purses.findOne({ _id: 'gone' });
      // From here on every connection of this client breaks when it commits.
      await admin.command({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data });
    });
    await until(async () => (await retries()) >= before + 5);
    await elsewhere.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' });
    await work;
    expect(runs).toBe(1);
    expect(await database.db.collection<Purse>('purses').countDocuments({ _id: 'gone' })).toBe(1);
  });

  test('a use case that hangs is given up at its deadline and does not commit behind the back of its caller', async () => {
    const hanging = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const work = database.transact({ schoolId, deadline: new Date(Date.now() + 500) }, async (tx) => {
      tx.purses.insert({ _id: 'hung', balance: 1n, version: 1 });
      await tx.purses.findOne({ _id: 'hung' });
      begun.resolve();
      await hanging.promise;
    });
    await expect(work).rejects.toThrow('did not answer in time');
    await begun.promise;
    expect(await openTransactions()).toBe(1);
    hanging.resolve();
    await until(async () => (await openTransactions()) === 0);
    expect(await database.db.collection<Purse>('purses').countDocuments({ _id: 'hung' })).toBe(0);
  });

  test('a use case is run again as a whole when the server calls its work transient', async () => {
    const admin = database.db.admin();
    const broken = {
      failCommands: ['insert', 'bulkWrite', 'update'],
      errorCode: 112,
      errorLabels: ['TransientTransactionError'],
      appName: database.db.databaseName,
    };
    await admin.command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data: broken });
    let runs = 0;
    await database.transact({ schoolId }, async (tx) => {
      runs++;
      tx.purses.insert({ _id: 'again', balance: 3n, version: 1 });
    });
    expect(runs).toBe(2);
    expect(await database.read({ schoolId }, (tx) => tx.purses.findOne({ _id: 'again' }))).toMatchObject({ balance: 3n });
  });

  test('a use case ends a little before the deadline of its caller, whatever it meets', async () => {
    const endless = database.transact({ schoolId, deadline: new Date(Date.now() + 600) }, async (tx) =>
      tx.purses.update({ _id: 'nobody' }, { $set: { version: 2 } }),
    );
    await expect(endless).rejects.toThrow();
  });

  test('work whose time is over is not begun, and a read is given up at its deadline', async () => {
    let begun = 0;
    const over = { schoolId, deadline: new Date() };
    const begin = async () => void begun++;
    for (const work of [database.transact(over, begin), database.read(over, begin)]) await expect(work).rejects.toThrow('time was over');
    expect(begun).toBe(0);
    const hanging = database.read({ schoolId, deadline: new Date(Date.now() + 300) }, () => new Promise<never>(() => undefined));
    await expect(hanging).rejects.toThrow('did not answer in time');
  });

  test('a read tells nothing that a failover could take back', async () => {
    await database.db.command({ profile: 2 });
    try {
      await database.read({ schoolId }, (tx) => tx.purses.findOne({ _id: 'any' }));
    } finally {
      await database.db.command({ profile: 0 });
    }
    const profile = database.db.collection('system.profile');
    const [asked] = await profile.find({ 'command.find': 'purses' }).toArray();
    await profile.drop();
    expect(asked?.command.readConcern).toMatchObject({ level: 'majority' });
  });

  test('a read may not write', async () => {
    await expect(database.read({ schoolId }, async (tx) => tx.purses.insert({ _id: 'no', balance: 1n, version: 1 }))).rejects.toThrow(
      'may not write',
    );
  });
});
