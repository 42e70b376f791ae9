import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day, guardian, schoolId, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx, type PageRequest } from '../../tx.ts';
import { claimDeliveries } from '../../usecases/deliveries/claim-deliveries.ts';
import type { DeliveryFilter } from './deliveries.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
beforeAll(async () => {
  database = await open();
  const given = steps(database.transact);
  await given.school();
  for (const student of ['pupil-1', 'pupil-2']) await given.student(student);
  await given.guardian(
    guardian('g1', { guardianships: ['pupil-1', 'pupil-2'].map((studentId) => ({ studentId, from: day('2026-09-05') })) }),
  );
  for (let event = 1; event <= 7; event++) await given.paid(`e${event}`, { studentId: event > 5 ? 'pupil-2' : 'pupil-1' });
  await given.paid('e8', { studentId: 'pupil-unknown' });
  await given.run((tx) => claimDeliveries(tx, { limit: 2, leaseMs: 60_000 }));
});
afterAll(() => database.close());

const list = async (filter: DeliveryFilter, page: Partial<PageRequest> = {}, school = schoolId) => {
  const { rows, next } = await database.read({ schoolId: school }, (tx) => tx.deliveries.page(filter, { size: 100, after: '', ...page }));
  return { events: rows.map(({ eventId }) => eventId), next };
};

test('deliveries are shown newest first, page by page, none twice and none left out', async () => {
  const first = await list({}, { size: 3 });
  const second = await list({}, { size: 3, after: first.next ?? '' });
  const third = await list({}, { size: 3, after: second.next ?? '' });
  expect([first.events, second.events, third.events]).toEqual([['e7', 'e6', 'e5'], ['e4', 'e3', 'e2'], ['e1']]);
  expect(third.next).toBeUndefined();
});

test('a list can be narrowed to a pupil, an invoice and a state', async () => {
  expect((await list({ studentId: 'pupil-2' })).events).toEqual(['e7', 'e6']);
  expect((await list({ invoiceId: 'invoice-1', studentId: undefined }, { size: 1 })).events).toEqual(['e7']);
  expect((await list({ invoiceId: '{"$ne":""}' })).events).toEqual([]);
  expect((await list({ status: 'SENDING' })).events).toEqual(['e2', 'e1']);
});

test('another school sees none of it', async () => {
  expect(await list({}, {}, 'other')).toEqual({ events: [], next: undefined });
});
