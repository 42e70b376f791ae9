import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day, guardian, schoolId, steps } from '../../../test/given.ts';
import { collections, notificationTx } from '../../tx.ts';
import { claimDeliveries } from './claim-deliveries.ts';
import { type DeliveryQuery, listDeliveries } from './list-deliveries.ts';

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

const list = async (query: Partial<DeliveryQuery>, school = schoolId) =>
  database.read({ schoolId: school }, (tx) => listDeliveries(tx, { size: 0, after: '', ...query }));
const events = async (query: Partial<DeliveryQuery>) => {
  const page = await list(query);
  if (!page.ok) throw new Error(page.refusal.code);
  return { events: page.value.deliveries.map(({ eventId }) => eventId), next: page.value.next };
};

test('deliveries are shown newest first, page by page, none twice and none left out', async () => {
  const seen: string[] = [];
  let after = '';
  do {
    const page = await events({ size: 3, after });
    expect(page.events.length).toBeLessThanOrEqual(3);
    seen.push(...page.events);
    after = page.next;
  } while (after !== '');
  expect(seen).toEqual(['e7', 'e6', 'e5', 'e4', 'e3', 'e2', 'e1']);
});

test('a list can be narrowed to a pupil, an invoice and a state', async () => {
  expect((await events({ studentId: 'pupil-2' })).events).toEqual(['e7', 'e6']);
  expect((await events({ invoiceId: 'invoice-1', size: 1 })).events).toEqual(['e7']);
  expect((await events({ invoiceId: '{"$ne":""}' })).events).toEqual([]);
  expect((await events({ status: 'SENDING' })).events).toEqual(['e2', 'e1']);
});

test('a page size or token that was not ours is refused', async () => {
  expect(await list({ size: 501 })).toEqual({ ok: false, refusal: { code: 'PAGE_SIZE_WRONG', largest: 500 } });
  expect(await list({ size: -1 })).toMatchObject({ ok: false });
  expect(await list({ after: '{"$gt":""}' })).toEqual({ ok: false, refusal: { code: 'PAGE_TOKEN_WRONG' } });
});

test('another school sees none of it', async () => {
  expect(await list({}, 'other')).toEqual({ ok: true, value: { deliveries: [], next: '' } });
});
