import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guardian, schoolId, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { claimDeliveries } from './claim-deliveries.ts';
import { countDeliveries } from './count-deliveries.ts';

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

test('the counts say where everything of the school stands', async () => {
  const count = (school: string) => database.read({ schoolId: school }, countDeliveries);
  expect(await count(schoolId)).toEqual({ byStatus: { PENDING: 2, SENDING: 1, SENT: 0, FAILED: 0 }, waitingForRoster: 1 });
  expect(await count('other')).toEqual({ byStatus: { PENDING: 0, SENDING: 0, SENT: 0, FAILED: 0 }, waitingForRoster: 0 });
});
