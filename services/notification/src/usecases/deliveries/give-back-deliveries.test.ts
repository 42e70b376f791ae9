import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { guardian, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { claimDeliveries } from './claim-deliveries.ts';
import { giveBackDeliveries } from './give-back-deliveries.ts';

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

const leaseMs = 60_000;
async function claim() {
  const { claimed: value } = (await given.run((tx) => claimDeliveries(tx, { limit: 1, leaseMs }))).value;
  return value.map(({ delivery }) => delivery);
}
async function claimed() {
  const [delivery] = await claim();
  if (!delivery) throw new Error('nothing was due');
  return delivery;
}

test('what is given back may be taken at once, and has lost no try', async () => {
  const { id: deliveryId, claim: token } = await claimed();
  expect(await claim()).toEqual([]);
  const held = [{ deliveryId, claim: token }];
  expect(await given.run((tx) => giveBackDeliveries(tx, { held }))).toEqual({ ok: true, value: { givenBack: 1 } });
  const stored = await database.db.collection('deliveries').findOne();
  expect(stored).toMatchObject({ status: 'PENDING', attempts: 0, strikes: 0, message: { to: 'Phan Hữu Nam' } });
  expect(Object.keys(stored ?? {})).not.toContain('claim');
  expect(await claimed()).toMatchObject({ attempts: 1 });
});

test('nobody gives back what another worker holds', async () => {
  const { id: deliveryId } = await claimed();
  const held = [{ deliveryId, claim: 'of somebody else' }];
  expect(await given.run((tx) => giveBackDeliveries(tx, { held }))).toEqual({ ok: true, value: { givenBack: 0 } });
  expect(await claim()).toEqual([]);
});
