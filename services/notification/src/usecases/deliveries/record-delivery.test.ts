import { NotificationEvent } from '@schoolbell/contracts/school/notification/v1/notification_events';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { at, elapse, guardian, schoolId, steps } from '../../../test/given.ts';
import type { Outcome } from '../../domain/deliveries/delivery.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { claimDeliveries } from './claim-deliveries.ts';
import { recordDelivery } from './record-delivery.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
const begin = at('2026-11-21T08:00:00Z');
const later = (ms: number): Date => new Date(begin.getTime() + ms);
beforeEach(async () => {
  await database?.close();
  database = await open();
  const given = steps(database.transact);
  database.setNow(begin);
  for (const event of [given.school, given.student, () => given.guardian(guardian('g1')), () => given.paid('e1')]) await event();
});
afterAll(() => database.close());

async function claim(now: Date) {
  database.setNow(now);
  const { claimed: value } = (await database.transact({ schoolId }, (tx) => claimDeliveries(tx, { limit: 1, leaseMs: 60_000 }))).value;
  if (!value[0]) throw new Error('nothing was due');
  return value[0].delivery;
}
const record = (held: { id: string; claim: string }, outcome: Outcome) =>
  database.transact({ schoolId }, (tx) => recordDelivery(tx, { deliveryId: held.id, claim: held.claim, outcome }));
const stored = () => database.db.collection('deliveries').findOne();
const dueInMs = async () => Number((await stored())?.dueAt) - Date.now();

async function events() {
  const rows = await database.db.collection('outbox').find().sort({ _id: 1 }).toArray();
  return rows.map(({ type, key, payload }) => ({ type, key, event: NotificationEvent.decode(payload as Buffer).event }));
}

test('a letter that was taken is announced once, and its text is not kept', async () => {
  const held = await claim(begin);
  database.setNow(later(50));
  await record(held, { kind: 'SENT' });
  expect(await stored()).toMatchObject({ status: 'SENT', sentAt: later(50), attempts: 1 });
  expect(Object.keys((await stored()) ?? {})).not.toContain('message');
  expect(await events()).toEqual([
    {
      type: 'school.notification.v1.AlertDelivered',
      key: 'g1',
      event: { $case: 'alertDelivered', value: { deliveryId: held.id, eventId: 'e1', guardianId: 'g1', studentId: 'pupil-1', channel: 1 } },
    },
  ]);
  expect(await record(held, { kind: 'SENT' })).toEqual({ ok: false, refusal: { code: 'CLAIM_LOST' } });
  expect(await events()).toHaveLength(1);
});

test('a worker that lost its lease to another has no say', async () => {
  const lost = await claim(begin);
  await elapse(database, 60_000);
  const held = await claim(later(60_000));
  expect(await record(lost, { kind: 'ADDRESS_REFUSED', error: '550' })).toEqual({ ok: false, refusal: { code: 'CLAIM_LOST' } });
  await record(held, { kind: 'SENT' });
  expect(await stored()).toMatchObject({ status: 'SENT', attempts: 2 });
});

test('a refused address is given up at once and announced', async () => {
  await record(await claim(begin), { kind: 'ADDRESS_REFUSED', error: '550 5.1.1' });
  expect(await stored()).toMatchObject({ status: 'FAILED', reason: 'ADDRESS_REFUSED', lastError: '550 5.1.1' });
  const [announced] = await events();
  expect(announced?.event).toMatchObject({ $case: 'alertFailed', value: { reason: 'ADDRESS_REFUSED' } });
});

test('after an outage the letter goes out within fifteen seconds, still whole', async () => {
  for (let attempt = 0; attempt < 12; attempt++) {
    await record(await claim(begin), { kind: 'UNREACHABLE', error: 'ECONNREFUSED' });
    expect(await dueInMs()).toBeLessThanOrEqual(15_000);
    await elapse(database, 15_000);
  }
  expect(await stored()).toMatchObject({ status: 'PENDING', strikes: 0, message: { to: 'Phan Hữu Nam' } });
  await record(await claim(begin), { kind: 'SENT' });
  expect(await stored()).toMatchObject({ status: 'SENT', attempts: 13 });
});

test('a letter that fails by itself is given up after eight tries', async () => {
  for (let attempt = 0; attempt < 8; attempt++) {
    await record(await claim(begin), { kind: 'ERROR', error: '554' });
    await elapse(database, 30 * 60_000);
  }
  expect(await stored()).toMatchObject({ status: 'FAILED', reason: 'GAVE_UP', attempts: 8 });
});

test('a letter of which nobody knows whether it was taken goes out once more, not at once, and is then left to a person', async () => {
  await record(await claim(begin), { kind: 'OUTCOME_UNKNOWN', error: '$ETIMEDOUT' });
  expect(await stored()).toMatchObject({ status: 'PENDING', strikes: 1, unknowns: 1, lastError: '$ETIMEDOUT' });
  expect(await dueInMs()).toBeGreaterThan(15_000);
  await elapse(database, 60_000);
  await record(await claim(begin), { kind: 'OUTCOME_UNKNOWN', error: 'ETIMEDOUT' });
  expect(await stored()).toMatchObject({ status: 'FAILED', reason: 'OUTCOME_UNKNOWN', attempts: 2 });
  const [announced] = await events();
  expect(announced?.event).toMatchObject({ $case: 'alertFailed', value: { reason: 'OUTCOME_UNKNOWN' } });
});
