import { everySchool } from '@schoolbell/service-kit';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { guardian, markedAt, schoolId, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { composeWaitingAlerts } from '../alerts/compose-waiting-alerts.ts';
import { claimDeliveries } from '../deliveries/claim-deliveries.ts';
import { recordDelivery } from '../deliveries/record-delivery.ts';
import { releaseDueAbsences } from './release-due-absences.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
const after = (minutes: number): Date => new Date(markedAt.getTime() + minutes * 60_000);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  database.setNow(after(0));
  for (const event of [given.school, given.student, () => given.guardian(guardian('g1'))]) await event();
});
afterAll(() => database.close());

const told = async () => (await database.db.collection('deliveries').find().sort({ _id: 1 }).toArray()).map(({ eventId }) => eventId);
const stands = async (session = 'MORNING') => {
  const found = await database.db.collection('absence_alerts').findOne({ session });
  return found && [found.status, found.because].filter(Boolean).join(' ');
};
const afternoon = { session: 'AFTERNOON', submittedAt: after(360), reportedAt: after(360) } as const;

test('an alert goes out at the end of the window, in its own lane, and once', async () => {
  await given.marked(1);
  database.setNow(after(9.99));
  expect(await database.read({ schoolId: everySchool }, (tx) => tx.absences.dueOfEachSchool(10))).toEqual([]);
  database.setNow(after(10));
  expect(await database.read({ schoolId: everySchool }, (tx) => tx.absences.dueOfEachSchool(10))).toMatchObject([{ schoolId }]);
  expect(await given.release()).toEqual({ ok: true, value: { looked: 1, released: 1 } });
  expect(await given.release()).toEqual({ ok: true, value: { looked: 0, released: 0 } });
  expect(await database.db.collection('deliveries').find().toArray()).toMatchObject([
    {
      eventId: 'mark-1',
      kind: 'ABSENT',
      lane: 'URGENT',
      occurredAt: markedAt,
      message: { subject: 'Vắng mặt buổi sáng 23/11/2026: Bùi Thanh Giang' },
    },
  ]);
});

test('two workers at once release each alert once', async () => {
  for (let pupil = 1; pupil <= 20; pupil++) {
    await given.student(`p${pupil}`);
    await given.marked(pupil, { studentId: `p${pupil}` });
  }
  const guardianships = Array.from({ length: 20 }, (_, index) => ({
    studentId: `p${index + 1}`,
    from: guardian('g1').guardianships[0]?.from ?? ('' as never),
  }));
  await given.guardian(guardian('g1', { guardianships }), 2);
  database.setNow(after(10));
  await Promise.all([given.release(7), given.release(7), given.release(7)]);
  await given.release();
  expect((await told()).sort()).toEqual(Array.from({ length: 20 }, (_, index) => `mark-${index + 1}`).sort());
});

test('a worker that is killed before its commit has told nobody, and the next one tells once', async () => {
  await given.marked(1);
  database.setNow(after(10));
  const killed = given.run(async (tx) => {
    await releaseDueAbsences(tx, { limit: 100 });
    throw new Error('killed');
  });
  await expect(killed).rejects.toThrow('killed');
  expect(await told()).toEqual([]);
  expect(await stands()).toBe('HELD');
  await given.release();
  expect(await told()).toEqual(['mark-1']);
});

test('after a backlog of hours an alert is due at once', async () => {
  database.setNow(after(5 * 60));
  await given.marked(1);
  await given.release();
  expect(await told()).toEqual(['mark-1']);
});

test('what becomes known on the next day is still told, later it is not', async () => {
  database.setNow(after(24 * 60));
  await given.marked(1);
  await given.release();
  expect(await told()).toEqual(['mark-1']);

  database.setNow(after(48 * 60));
  await given.student('pupil-2');
  await given.marked(2, { studentId: 'pupil-2' });
  await given.release();
  expect(await told()).toEqual(['mark-1']);
  expect(await database.db.collection('absence_alerts').findOne({ studentId: 'pupil-2' })).toMatchObject({
    status: 'SUPPRESSED',
    because: 'STALE',
  });
});

test('a child who is still away in the afternoon is told of once a day', async () => {
  await given.marked(1);
  database.setNow(after(10));
  await given.release();
  await given.marked(2, afternoon);
  database.setNow(after(370));
  await given.release();
  expect(await told()).toEqual(['mark-1']);
  expect(await stands('AFTERNOON')).toBe('SUPPRESSED CONTINUES');
});

test('both halves that are due together are told once', async () => {
  await given.marked(2, { ...afternoon, submittedAt: markedAt });
  await given.marked(3, {});
  database.setNow(after(400));
  await given.release();
  expect(await told()).toEqual(['mark-3']);
});

test('a child who was here in the morning and is away in the afternoon is told of', async () => {
  await given.marked(1);
  database.setNow(after(10));
  await given.release();
  await given.send();
  await given.marked(2, { kind: 'PRESENT' });
  await given.marked(3, afternoon);
  database.setNow(after(370));
  await given.release();
  expect((await told()).sort()).toEqual(['mark-1', 'mark-2', 'mark-3']);
});

test('a morning that becomes known after the afternoon was told is told too', async () => {
  await given.marked(1, afternoon);
  database.setNow(after(370));
  await given.release();
  await given.marked(2, { submittedAt: after(365) });
  database.setNow(after(375));
  await given.release();
  expect(await told()).toEqual(['mark-1', 'mark-2']);
});

test("the afternoon is told where none of the morning's letters arrived", async () => {
  await given.marked(1);
  database.setNow(after(10));
  await given.release();
  const [one] = (await given.run((tx) => claimDeliveries(tx, { limit: 1, leaseMs: 60_000 }))).value.claimed;
  if (!one) throw new Error('nothing was due');
  const refused = { kind: 'ADDRESS_REFUSED', error: '550 5.1.1' } as const;
  await given.run((tx) => recordDelivery(tx, { deliveryId: one.delivery.id, claim: one.delivery.claim, outcome: refused }));
  await given.marked(2, afternoon);
  database.setNow(after(370));
  await given.release();
  expect(await told()).toEqual(['mark-1', 'mark-2']);
});

test('an alert waits for a roster that lags, but not longer than it is news', async () => {
  const look = () => given.run((tx) => composeWaitingAlerts(tx, { limit: 100 }));
  await given.marked(1, { studentId: 'pupil-9' });
  await given.marked(2, { studentId: 'pupil-8' });
  database.setNow(after(10));
  await given.release();
  expect(await told()).toEqual([]);
  await given.student('pupil-9');
  await given.guardian(guardian('g9', { guardianships: [{ studentId: 'pupil-9', from: '2026-09-05' as never }] }));
  database.setNow(after(12));
  await look();
  expect(await told()).toEqual(['mark-1']);

  database.setNow(after(48 * 60));
  await look();
  expect(await database.db.collection('alerts').findOne({ _id: 'mark-2' as never })).toMatchObject({ status: 'EXPIRED' });
});
