import { setTimeout as sleep } from 'node:timers/promises';
import { ok } from '@schoolbell/kernel';
import { type TestDatabase, testDatabase } from '@schoolbell/testkit';
import type { RecordBatchEntry } from 'kafkajs';
import { beforeEach, expect, test } from 'vitest';
import { consumeChunk } from './consume-chunk.ts';
import { type InboxTx, listener } from './inbox.ts';
import { inboxRows } from './kit-collections.ts';
import { createLogger } from './logger.ts';

const log = createLogger('test', 'silent');

/** Events that one transaction has begun. */
type Tx = { begun: number };
let database: TestDatabase<InboxTx<Tx>>;
beforeEach(async () => {
  database = await testDatabase([], (session) => ({ session, tx: { begun: 0 } }));
  return database.close;
});

function messageOf(offset: number): RecordBatchEntry {
  const headers = {
    ce_specversion: '1.0',
    ce_id: `event-${offset}`,
    ce_type: 'school.test.v1.Said',
    ce_time: new Date().toISOString(),
    ce_schoolid: 'school-a',
    ce_aggregateversion: '1',
  };
  const common = { timestamp: String(Date.now()), attributes: 0 };
  return { ...common, key: Buffer.from(`k-${offset}`), value: Buffer.from('said'), headers, offset: String(offset) };
}

test('events that together take longer than a transaction may are taken in smaller portions', async () => {
  const patienceMs = 1_000;
  const slow = listener({
    topic: 'school.test.v1',
    group: 'test.slow',
    decode: (body: Uint8Array) => body,
    // More than ten at once take longer than anybody waits, on any machine.
    handle: async (tx: Tx) => {
      if (++tx.begun === 11) await sleep(2 * patienceMs);
      return ok(undefined);
    },
  });
  const messages = Array.from({ length: 40 }, (_, offset) => messageOf(offset));
  const transact: typeof database.transact = (scope, useCase) =>
    database.transact({ ...scope, deadline: new Date(Date.now() + patienceMs) }, useCase);
  const nobody = async (): Promise<void> => undefined;
  await consumeChunk({ listener: slow, transact, park: nobody, keepAlive: nobody, log }, messages);
  expect(await database.db.collection(inboxRows.name).countDocuments()).toBe(40);
});
