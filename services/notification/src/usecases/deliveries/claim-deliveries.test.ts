import { inspect } from 'node:util';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { at, day, elapse, guardian, schoolId, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { claimDeliveries } from './claim-deliveries.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
const begin = at('2026-11-21T08:00:00Z');
const later = (ms: number): Date => new Date(begin.getTime() + ms);
const leaseMs = 600_000;
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  database.setNow(begin);
  await given.school();
  await given.student();
  await given.guardian(guardian('g1'));
});
afterAll(() => database.close());

const claim = async (limit = 10, school = schoolId) =>
  (await database.transact({ schoolId: school }, (tx) => claimDeliveries(tx, { limit, leaseMs }))).value.claimed;
const claimedEvents = async (limit?: number) => (await claim(limit)).map(({ delivery }) => delivery.eventId);
const stored = () => database.db.collection('deliveries').findOne();

test('a worker gets what is due with its letter and address, and holds it', async () => {
  await given.paid('e1');
  const [one] = await claim();
  expect(one).toMatchObject({
    delivery: { status: 'SENDING', attempts: 1, dueAt: later(leaseMs) },
    email: 'g1@example.vn',
    message: { to: 'Phan Hữu Nam' },
  });
  expect(await claim()).toEqual([]);
});

test('many workers at once never hold the same delivery', async () => {
  const events = Array.from({ length: 30 }, (_, index) => `e${index}`);
  for (const event of events) await given.paid(event);
  const held = await Promise.all(Array.from({ length: 6 }, () => claimedEvents(5)));
  expect(held.flat().sort()).toEqual([...new Set(held.flat())].sort());
  const rest = await claimedEvents(30);
  expect([...held.flat(), ...rest].sort()).toEqual(events.sort());
});

test('what a worker held when it died is taken over when its lease ends, not before', async () => {
  await given.paid('e1');
  const [first] = await claim();
  await elapse(database, leaseMs / 2);
  expect(await claim()).toEqual([]);
  await elapse(database, leaseMs / 2);
  const [second] = await claim();
  expect(second?.delivery).toMatchObject({ eventId: 'e1', attempts: 2 });
  expect(second?.delivery.claim).not.toBe(first?.delivery.claim);
});

test('a worker whose clock is an hour ahead takes nothing that another holds, and one that is behind finds what is due', async () => {
  await given.paid('e1');
  const held = await claim();
  expect(held).toHaveLength(1);
  database.setNow(later(3_600_000));
  expect(await claim()).toEqual([]);
  await given.paid('e2');
  database.setNow(begin);
  expect(await claimedEvents()).toEqual(['e2']); // Queued by the one ahead: not due in an hour, but now.
  const [first] = await database.db.collection('deliveries').find({ eventId: 'e1' }).toArray();
  expect(Number(first?.dueAt) - Date.now()).toBeLessThanOrEqual(leaseMs);
});

test('what is due is found in the index, by the time of the server', async () => {
  for (let event = 0; event < 20; event++) await given.paid(`e${event}`);
  const filter = { schoolId, dueAt: { $gt: new Date(0) }, $expr: { $lte: ['$dueAt', '$$NOW'] } };
  const { queryPlanner } = await database.db.collection('deliveries').find(filter).sort({ dueAt: 1 }).limit(5).explain();
  const plan = inspect(queryPlanner.winningPlan, { depth: 20 });
  expect(plan).toContain("indexName: 'schoolId_1_dueAt_1'");
  // Its upper end is the server's time.
  expect(plan).toMatch(/dueAt: \[\s*'\(new Date\(0\), new Date\(\d+\)\]'/);
  expect(plan).not.toMatch(/'(COLLSCAN|SORT)'/);
});

test('a new address is used, and consent withdrawn after queueing stops the message', async () => {
  await given.paid('e1');
  await given.paid('e2');
  await given.guardian(guardian('g1', { email: 'moi@example.vn' }), 2);
  const [one] = await claim(1);
  expect(one?.email).toBe('moi@example.vn');

  await given.guardian(guardian('g1', { wantsNotices: false }), 3);
  expect(await claim()).toEqual([]);
  await elapse(database, leaseMs);
  expect(await claim()).toEqual([]);
  const ended = await database.db.collection('deliveries').find().toArray();
  expect(ended.map(({ status, reason }) => `${status} ${reason}`)).toEqual(['FAILED CONSENT_WITHDRAWN', 'FAILED CONSENT_WITHDRAWN']);
  expect(JSON.stringify(ended)).not.toMatch(/Phan|Giang/);
  expect(await database.announced()).toEqual(['school.notification.v1.AlertFailed', 'school.notification.v1.AlertFailed']);
});

test('a guardianship that turns out to have ended before the fact stops the message', async () => {
  await given.paid('e1');
  await given.guardian(guardian('g1', { guardianships: [{ studentId: 'pupil-1', from: day('2026-09-05'), until: day('2026-11-01') }] }), 2);
  expect(await claim()).toEqual([]);
  expect(await stored()).toMatchObject({ status: 'FAILED', reason: 'NOT_GUARDIAN' });
});

test('a message older than a day is given up instead of sent', async () => {
  await given.paid('e1');
  database.setNow(later(86_400_001));
  expect(await claim()).toEqual([]);
  expect(await stored()).toMatchObject({ status: 'FAILED', reason: 'TOO_OLD' });
});

test('the longest due go first, and only of the own school', async () => {
  for (const [index, event] of ['e1', 'e2', 'e3'].entries()) {
    database.setNow(later(index));
    await given.paid(event);
  }
  expect(await claim(10, 'other')).toEqual([]);
  expect(await claimedEvents(2)).toEqual(['e1', 'e2']);
  expect(await claimedEvents(2)).toEqual(['e3']);
});

test('a delivery that cannot be read holds up no other, and is put off', async () => {
  await given.paid('e1');
  await given.paid('e2');
  const deliveries = database.db.collection<{ eventId: string; message?: unknown; dueAt: Date }>('deliveries');
  const whole = await deliveries.findOne({ eventId: 'e1' });
  await deliveries.updateOne({ eventId: 'e1' }, { $unset: { message: '' } });
  const { claimed, unreadable } = (await given.run((tx) => claimDeliveries(tx, { limit: 10, leaseMs: 60_000 }))).value;
  expect([claimed.map(({ delivery }) => delivery.eventId), unreadable]).toEqual([['e2'], [String(whole?._id)]]);
  const after = await deliveries.findOne({ eventId: 'e1' });
  expect(after?.dueAt.getTime()).toBeGreaterThan(whole?.dueAt.getTime() ?? 0);
});
