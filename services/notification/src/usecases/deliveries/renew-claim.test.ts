import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { elapse, guardian, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { claimDeliveries } from './claim-deliveries.ts';
import { renewClaim } from './renew-claim.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  for (const event of [given.school, given.student, () => given.guardian(guardian('g1')), () => given.paid('e1')]) await event();
});
afterAll(() => database.close());

const leaseMs = 3_600_000;
async function claim() {
  const { claimed: value } = (await given.run((tx) => claimDeliveries(tx, { limit: 1, leaseMs }))).value;
  return value.map(({ delivery }) => delivery);
}
async function claimed() {
  const [delivery] = await claim();
  if (!delivery) throw new Error('nothing was due');
  return delivery;
}

test('a worker that still waits for an answer keeps its delivery', async () => {
  const delivery = await claimed();
  await elapse(database, leaseMs / 2);
  await given.run((tx) => renewClaim(tx, { delivery, leaseMs }));
  await elapse(database, leaseMs / 2);
  expect(await claim()).toEqual([]);
  await elapse(database, leaseMs / 2);
  expect(await claimed()).toMatchObject({ attempts: 2 });
});

test('a claim that was lost is not renewed', async () => {
  const lost = await claimed();
  await elapse(database, leaseMs);
  const held = await claimed();
  await given.run((tx) => renewClaim(tx, { delivery: lost, leaseMs: 10 * leaseMs }));
  await elapse(database, leaseMs);
  expect((await claimed()).claim).not.toBe(held.claim);
});
