import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guardian, schoolId, steps } from '../../../test/given.ts';
import { collections, notificationTx } from '../../tx.ts';
import { claimDeliveries } from './claim-deliveries.ts';
import { getDelivery } from './get-delivery.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
beforeAll(async () => {
  database = await open();
  const given = steps(database.transact);
  for (const event of [given.school, given.student, () => given.guardian(guardian('g1'))]) await event();
  for (const event of ['e1', 'e2', 'e3']) await given.paid(event);
  await given.paid('e4', { studentId: 'pupil-unknown' });
  await given.run((tx) => claimDeliveries(tx, { limit: 1, leaseMs: 60_000 }));
});
afterAll(() => database.close());

test('a delivery is shown to its school and to no other', async () => {
  const stored = await database.db.collection('deliveries').findOne({ eventId: 'e1' });
  const get = (deliveryId: string, school = schoolId) => database.read({ schoolId: school }, (tx) => getDelivery(tx, { deliveryId }));
  expect(await get(String(stored?._id))).toMatchObject({ ok: true, value: { eventId: 'e1', status: 'SENDING' } });
  const unknown = { ok: false, refusal: { code: 'DELIVERY_NOT_FOUND' } };
  expect(await get(String(stored?._id), 'other')).toEqual(unknown);
  expect(await get('0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10')).toEqual(unknown);
});
