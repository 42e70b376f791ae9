import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { at, day, elapse, guardian, markedAt, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { claimDeliveries } from '../deliveries/claim-deliveries.ts';
import { giveBackDeliveries } from '../deliveries/give-back-deliveries.ts';
import { recordDelivery } from '../deliveries/record-delivery.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
const after = (minutes: number): Date => new Date(markedAt.getTime() + minutes * 60_000);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  database.setNow(after(0));
  for (const event of [given.school, given.student, () => given.guardian(guardian('g1')), () => given.guardian(guardian('g2'))])
    await event();
});
afterAll(() => database.close());

const deliveries = async () =>
  (await database.db.collection('deliveries').find().sort({ _id: 1 }).toArray()).map(
    ({ kind, guardianId, status, reason = '' }) => `${kind} ${guardianId} ${status}${reason === '' ? '' : ` ${reason}`}`,
  );
const stands = async (session = 'MORNING') => {
  const found = await database.db.collection('absence_alerts').findOne({ session });
  return found && [found.status, found.because].filter(Boolean).join(' ');
};
const present = { kind: 'PRESENT', submittedAt: after(15), reportedAt: after(15) } as const;
const claim = async (limit: number) => (await given.run((tx) => claimDeliveries(tx, { limit, leaseMs: 60_000 }))).value.claimed;

/** The alert has been released; its letters are queued. */
async function released() {
  await given.marked(1);
  database.setNow(after(10));
  await given.release();
}

test('a mark is held and not told on save', async () => {
  await given.marked(1);
  expect(await stands()).toBe('HELD');
  expect(await given.release()).toEqual({ ok: true, value: { looked: 0, released: 0 } });
  expect(await deliveries()).toEqual([]);
});

test('a correction inside the window suppresses the alert', async () => {
  await given.marked(1);
  database.setNow(after(9));
  await given.marked(2, present);
  database.setNow(after(60));
  await given.release();
  expect(await stands()).toBe('SUPPRESSED CORRECTED');
  expect(await deliveries()).toEqual([]);
});

test('a correction after it brings exactly one retraction to each guardian who was told', async () => {
  await released();
  await given.send();
  database.setNow(after(15));
  await given.marked(2, present);
  await given.marked(2, present);
  await given.marked(3, { ...present, reportedAt: after(16) });
  expect(await stands()).toBe('RETRACTED');
  expect(await given.send()).toEqual([
    'MARK_RETRACTED → g1: Đính chính buổi sáng 23/11/2026: Bùi Thanh Giang',
    'MARK_RETRACTED → g2: Đính chính buổi sáng 23/11/2026: Bùi Thanh Giang',
  ]);
  expect(await deliveries()).toEqual(['ABSENT g1 SENT', 'ABSENT g2 SENT', 'MARK_RETRACTED g1 SENT', 'MARK_RETRACTED g2 SENT']);
});

test('a letter that did not go out yet is cancelled instead, and nobody hears anything', async () => {
  await released();
  await given.marked(2, present);
  expect(await given.send()).toEqual([]);
  expect(await deliveries()).toEqual(['ABSENT g1 FAILED WITHDRAWN', 'ABSENT g2 FAILED WITHDRAWN']);
  expect(await database.announced()).toEqual(['school.notification.v1.AlertFailed', 'school.notification.v1.AlertFailed']);
});

test('of two guardians the one who was told hears the retraction, the other hears nothing', async () => {
  await released();
  const [one] = await claim(1);
  if (!one) throw new Error('nothing was due');
  const { id: deliveryId, claim: token } = one.delivery;
  await given.run((tx) => recordDelivery(tx, { deliveryId, claim: token, outcome: { kind: 'SENT' } }));
  await given.marked(2, present);
  await given.send();
  expect(await deliveries()).toEqual(['ABSENT g1 SENT', 'ABSENT g2 FAILED WITHDRAWN', 'MARK_RETRACTED g1 SENT']);
});

test.each([
  ['took it', { kind: 'SENT' }, ['ABSENT g1 SENT', 'MARK_RETRACTED g1 SENT']],
  ['gave no answer', { kind: 'OUTCOME_UNKNOWN', error: '' }, ['ABSENT g1 FAILED WITHDRAWN', 'MARK_RETRACTED g1 SENT']],
  ['could not be reached', { kind: 'UNREACHABLE', error: '' }, ['ABSENT g1 FAILED WITHDRAWN', 'MARK_RETRACTED g1 FAILED WITHDRAWN']],
] as const)('the retraction of a letter on its way waits for it, whose server %s', async (_, outcome, end) => {
  await given.guardian(guardian('g2', { wantsNotices: false }), 2);
  await released();
  const [one] = await claim(10);
  if (!one) throw new Error('nothing was due');
  await given.marked(2, present);
  expect(await claim(10)).toEqual([]); // Not before the end of what it takes back.
  await given.run((tx) => recordDelivery(tx, { deliveryId: one.delivery.id, claim: one.delivery.claim, outcome }));
  await elapse(database, 1_000);
  await given.send();
  expect(await deliveries()).toEqual(end);
});

test('a letter whose worker died is not sent again after it was taken back, and its retraction goes', async () => {
  await given.guardian(guardian('g2', { wantsNotices: false }), 2);
  await released();
  expect(await claim(10)).toHaveLength(1);
  await given.marked(2, present);
  await elapse(database, 60_000);
  await given.send();
  await elapse(database, 1_000);
  await given.send();
  expect(await deliveries()).toEqual(['ABSENT g1 FAILED WITHDRAWN', 'MARK_RETRACTED g1 SENT']);
});

test('a letter that a stopping worker gives back unsent is not sent by another', async () => {
  await given.guardian(guardian('g2', { wantsNotices: false }), 2);
  await released();
  const held = (await claim(10)).map(({ delivery }) => ({ deliveryId: delivery.id, claim: delivery.claim }));
  await given.marked(2, present);
  await given.run((tx) => giveBackDeliveries(tx, { held }));
  await elapse(database, 1_000);
  await given.send();
  expect(await deliveries()).toEqual(['ABSENT g1 FAILED WITHDRAWN', 'MARK_RETRACTED g1 FAILED WITHDRAWN']);
});

test('absent again after a retraction is told again', async () => {
  await released();
  await given.send();
  await given.marked(2, present);
  await given.marked(3, { submittedAt: after(30) });
  database.setNow(after(40));
  await given.release();
  expect(await given.send()).toHaveLength(4);
  expect(await deliveries()).toEqual(
    ['ABSENT', 'MARK_RETRACTED', 'ABSENT'].flatMap((kind) => ['g1', 'g2'].map((name) => `${kind} ${name} SENT`)),
  );
});

test('an absence whose leave or time changes is nothing new', async () => {
  await released();
  await given.marked(2, { kind: 'ABSENT_WITH_LEAVE' });
  await given.marked(3, { reportedAt: at('2026-11-22T23:00:00Z') });
  expect(await stands()).toBe('RELEASED');
  database.setNow(after(60));
  await given.release();
  expect(await given.send()).toHaveLength(2);
});

test('an old mark that comes late changes nothing', async () => {
  await given.marked(5, present);
  await given.marked(4);
  database.setNow(after(60));
  await given.release();
  expect(await stands()).toBe('SUPPRESSED CORRECTED');
  expect(await deliveries()).toEqual([]);
});

test('an alert that still waits for the roster is dropped by a correction', async () => {
  await given.marked(1, { studentId: 'pupil-2' });
  database.setNow(after(10));
  await given.release();
  await given.marked(2, { studentId: 'pupil-2', ...present });
  const statuses = (await database.db.collection('alerts').find().sort({ _id: 1 }).toArray()).map(({ status }) => status);
  expect(statuses).toEqual(['WITHDRAWN', 'COMPOSED']);
  expect(await deliveries()).toEqual([]);
});

test('a guardian whose consent or guardianship ended hears neither the alert nor its retraction', async () => {
  await given.guardian(guardian('g2', { guardianships: [{ studentId: 'pupil-1', from: day('2026-09-05'), until: day('2026-11-23') }] }), 2);
  await released();
  await given.send();
  await given.guardian(guardian('g1', { wantsNotices: false }), 2);
  await given.marked(2, present);
  expect(await given.send()).toEqual([]);
  expect(await deliveries()).toEqual(['ABSENT g1 SENT']);
});

test('when the morning turns out wrong the afternoon, which nobody was told of, is told at once', async () => {
  await released();
  await given.send();
  database.setNow(after(360));
  await given.marked(2, { session: 'AFTERNOON', submittedAt: after(350) });
  await given.release();
  expect(await stands('AFTERNOON')).toBe('SUPPRESSED CONTINUES');
  await given.marked(3, present);
  expect(await stands('AFTERNOON')).toBe('HELD');
  await given.release();
  expect(await given.send()).toEqual(
    [
      'ABSENT → g1: Vắng mặt buổi chiều',
      'ABSENT → g2: Vắng mặt buổi chiều',
      'MARK_RETRACTED → g1: Đính chính buổi sáng',
      'MARK_RETRACTED → g2: Đính chính buổi sáng',
    ].map((line) => `${line} 23/11/2026: Bùi Thanh Giang`),
  );
});
