import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { guardian, lateCutEnded, origin, steps } from '../../../test/given.ts';
import { collections, notificationTx } from '../../tx.ts';
import { claimDeliveries } from './claim-deliveries.ts';
import { retract, stop } from './take-back-letters.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  for (const event of [given.school(), given.student(), given.guardian(guardian('g1')), given.guardian(guardian('g2'))]) await event;
  await given.paid('e1');
});
afterAll(() => database.close());

const retracting = { origin: origin('e2'), fact: lateCutEnded() };
const letters = () => database.db.collection('deliveries').find().sort({ guardianId: 1, _id: 1 }).toArray();
const stopAll = () =>
  given.run(async (tx) => {
    for (const delivery of await tx.deliveries.ofEvents(['e1'])) stop(tx, delivery);
  });

test('a letter that has not gone out is cancelled and announced as given up', async () => {
  await stopAll();
  expect((await letters()).map(({ status, reason }) => [status, reason])).toEqual([
    ['FAILED', 'WITHDRAWN'],
    ['FAILED', 'WITHDRAWN'],
  ]);
  expect(await database.db.collection('outbox').countDocuments()).toBe(2);
});

test('a letter that is on its way stays there and is not tried again', async () => {
  await given.run((tx) => claimDeliveries(tx, { limit: 1, leaseMs: 60_000 }));
  await stopAll();
  expect((await letters()).map(({ status, withdrawn = false }) => [status, withdrawn]).toSorted()).toEqual([
    ['FAILED', false],
    ['SENDING', true],
  ]);
});

test('whoever has a letter is told once that it does not hold, and nobody else; whoever wants no letters any more is not', async () => {
  await given.send();
  await given.guardian(guardian('g2', { wantsNotices: false }), 2);
  expect(await given.run(async (tx) => retract(tx, await tx.deliveries.ofEvents(['e1']), retracting))).toBe(1);
  const [first, retraction] = await letters();
  expect(retraction).toMatchObject({
    guardianId: 'g1',
    eventId: 'e2',
    kind: 'MEAL_CUT_LATE_ENDED',
    retracts: first?._id,
    status: 'PENDING',
  });
  expect(await given.run((tx) => retract(tx, [], retracting))).toBe(0);
});
