import { ok } from '@schoolbell/kernel';
import { type TestDatabase, testDatabase } from '@schoolbell/testkit';
import type { RecordBatchEntry } from 'kafkajs';
import { beforeEach, expect, test } from 'vitest';
import { consumeFetched, type Fetched, type Group } from './consume-fetched.ts';
import { type InboxTx, listener } from './inbox.ts';
import { createLogger } from './logger.ts';
import { openStarts } from './starts.ts';

const topic = 'school.test.v1';
const group = 'test.lives';
const log = createLogger('test', 'silent');

let database: TestDatabase<InboxTx<undefined>>;
beforeEach(async () => {
  database = await testDatabase([], (session) => ({ session, tx: undefined }));
  return database.close;
});

function messageOf(partition: number, offset: number): RecordBatchEntry {
  const headers = {
    ce_specversion: '1.0',
    ce_id: `event-${partition}-${offset}`,
    ce_type: 'school.test.v1.Said',
    ce_time: new Date().toISOString(),
    ce_schoolid: `school-${partition}`,
    ce_aggregateversion: '1',
  };
  const key = Buffer.from(`k-${partition}-${offset}`);
  const common = { timestamp: String(Date.now()), attributes: 0 };
  return { ...common, key, value: Buffer.from(`${partition}:${offset}`), headers, offset: String(offset) };
}

/** A partitioned log, how far the group has committed, and members that consume it until they end. */
function openLog(counts: readonly number[]) {
  const committed = counts.map(() => 0);
  const parked: string[] = [];
  const heard: string[] = [];
  const consumer = {
    commitOffsets: async (offsets: readonly { partition: number; offset: string }[]) => {
      for (const { partition, offset } of offsets) committed[partition] = Number(offset);
    },
  };
  const publisher = {
    send: async (_: string, messages: readonly { value: Buffer | string | null }[]) =>
      void parked.push(...messages.map(({ value }) => `${value}`)),
  };
  const fetched = (state: Group): Fetched[] =>
    counts.flatMap((count, partition) => {
      const from = committed[partition] ?? 0;
      const messages = Array.from({ length: count - from }, (_, at) => messageOf(partition, from + at));
      const payload = { heartbeat: async () => undefined, isRunning: () => true, isStale: () => false, resolveOffset: () => undefined };
      return messages.length === 0 ? [] : [{ payload, batch: { topic, partition, messages }, generation: state.generation }];
    });
  /** One process, which `apply` may end. True when it came to the end of the log. */
  const live = async (apply: (text: string, die: () => Promise<never>, state: Group) => Promise<void>): Promise<boolean> => {
    const state: Group = { stopping: false, generation: 1, progressAt: 0 };
    const death = Promise.withResolvers<false>();
    // Who is dead does nothing any more.
    const die = (): Promise<never> => {
      state.stopping = true;
      death.resolve(false);
      return new Promise(() => undefined);
    };
    const told = listener({
      topic,
      group,
      decode: (body: Uint8Array) => Buffer.from(body).toString(),
      handle: async (_: undefined, text) => {
        await apply(text, die, state);
        return ok(undefined);
      },
    });
    const transact: typeof database.transact = async (scope, useCase) => {
      const result = await database.transact(scope, useCase);
      return state.stopping ? die() : result;
    };
    const consumption = { listener: told, transact, consumer, publisher, starts: openStarts(database.db, group), log };
    const whole = consumeFetched({ ...consumption, group: state, heartbeatMs: 1_000, wake: () => undefined }, fetched(state));
    return Promise.race([whole.then(() => true), death.promise]);
  };
  return { live, committed, parked, heard };
}

test('a message that ends the process is parked, and none of those that were at work beside it each time', async () => {
  // More than one transaction takes: they are worked on beside each other.
  const log = openLog([150, 150]);
  let lives = 1;
  const deadly = (text: string, die: () => Promise<never>) => (text === '0:57' ? die() : Promise.resolve());
  while (!(await log.live(deadly))) lives++;
  expect(log.parked).toEqual(['0:57']);
  expect(log.committed).toEqual([150, 150]);
  expect(lives).toBeLessThanOrEqual(11);
});

test('what was fetched before a rebalance is neither begun nor committed after it', async () => {
  const log = openLog([450]);
  const begun: string[] = [];
  await log.live(async (text, _, state) => {
    begun.push(text);
    if (text === '0:199') state.generation++;
  });
  expect(begun).toHaveLength(200);
  expect(log.committed).toEqual([0]);
});
