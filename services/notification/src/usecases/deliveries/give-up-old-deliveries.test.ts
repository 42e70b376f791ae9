import { everySchool } from '@schoolbell/service-kit';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, guardian, schoolId, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { giveUpOldDeliveries } from './give-up-old-deliveries.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
const begin = at('2026-11-21T08:00:00Z');
beforeAll(async () => {
  database = await open();
});
afterAll(() => database.close());

test('what grew too old while the provider was away is given up, and nothing else', async () => {
  const given = steps(database.transact);
  database.setNow(begin);
  for (const event of [given.school, given.student, () => given.guardian(guardian('g1')), () => given.paid('old')]) await event();
  database.setNow(at('2026-11-21T20:00:00Z'));
  await given.paid('young');
  database.setNow(at('2026-11-22T08:00:01Z'));
  expect(await database.read({ schoolId: everySchool }, (tx) => tx.deliveries.schoolsOpen())).toEqual([schoolId]);
  expect(await given.run((tx) => giveUpOldDeliveries(tx, { limit: 100 }))).toEqual({ ok: true, value: { givenUp: 1 } });
  const found = await database.db.collection('deliveries').find().sort({ _id: 1 }).toArray();
  expect(found.map(({ eventId, status, reason }) => [eventId, status, reason])).toEqual([
    ['old', 'FAILED', 'TOO_OLD'],
    ['young', 'PENDING', undefined],
  ]);
  expect(await database.announced()).toEqual(['school.notification.v1.AlertFailed']);
});
