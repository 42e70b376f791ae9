import { everySchool } from '@schoolbell/service-kit';
import { testDatabase } from '@schoolbell/testkit';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { at, day, guardian, schoolId, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { countDeliveries } from '../deliveries/count-deliveries.ts';
import { composeWaitingAlerts } from './compose-waiting-alerts.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
});
afterAll(() => database.close());

const heard = at('2026-11-21T08:00:00Z');
const later = (ms: number): Date => new Date(heard.getTime() + ms);
const look = (limit = 100) => given.run((tx) => composeWaitingAlerts(tx, { limit }));
const told = async (): Promise<string[]> =>
  (await database.db.collection('deliveries').find().toArray()).map(({ eventId, guardianId }) => `${eventId}→${guardianId}`).sort();
const waiting = async () => (await database.read({ schoolId }, countDeliveries)).waitingForRoster;
const schoolsToLook = () => database.read({ schoolId: everySchool }, (tx) => tx.alerts.dueOfEachSchool(10));
const statuses = async () => (await database.db.collection('alerts').find().sort({ _id: 1 }).toArray()).map(({ status }) => status);

test('an alert that came before the roster is told once the guardian is known, and once only', async () => {
  database.setNow(heard);
  await given.paid('e1', { traceparent: '00-11-22-01' });
  expect(await schoolsToLook()).toEqual([]);
  database.setNow(later(1_000));
  expect(await schoolsToLook()).toEqual([{ schoolId, id: 'e1' }]);
  expect((await look()).value).toEqual({ looked: 1, composed: 0 });
  expect(await look()).toEqual({ ok: true, value: { looked: 0, composed: 0 } }); // Not asked again at once.

  await given.guardian(guardian('g1'));
  await given.student();
  await given.school();
  database.setNow(later(2_000));
  expect((await look()).value).toEqual({ looked: 1, composed: 1 });
  database.setNow(later(90_000));
  expect((await look()).value).toEqual({ looked: 1, composed: 0 });
  database.setNow(later(900_000));
  expect((await look()).value).toEqual({ looked: 1, composed: 0 });
  expect((await look()).value).toEqual({ looked: 0, composed: 0 });
  expect(await told()).toEqual(['e1→g1']);
  const [delivery] = await database.db.collection('deliveries').find().toArray();
  expect(delivery).toMatchObject({ occurredAt: at('2026-11-21T00:05:01Z'), queuedAt: later(2_000), traceparent: '00-11-22-01' });
});

test('a guardian whose roster event was heard after that of another is told all the same, and once', async () => {
  database.setNow(heard);
  for (const event of [given.school(), given.student(), given.guardian(guardian('g1'))]) await event;
  await given.paid('e1');
  expect(await waiting()).toBe(0);
  database.setNow(later(30_000));
  await given.guardian(guardian('g2'));
  expect((await look()).value).toEqual({ looked: 0, composed: 0 });
  database.setNow(later(60_000));
  await Promise.all([look(), look()]);
  expect(await told()).toEqual(['e1→g1', 'e1→g2']);
  await given.guardian(guardian('g3'));
  database.setNow(later(600_000));
  await look();
  expect(await told()).toEqual(['e1→g1', 'e1→g2', 'e1→g3']);
  expect(await database.db.collection('alerts').findOne()).toMatchObject({ status: 'COMPOSED', deliveries: 3 });
  await given.guardian(guardian('g4'));
  database.setNow(later(3_600_000));
  expect((await look()).value).toEqual({ looked: 0, composed: 0 });
});

test('whoever became a guardian or consented after the fact does not hear it, and whoever was told and changed does not hear it twice', async () => {
  database.setNow(heard);
  const before = at('2026-11-21T00:05:01Z'); // The very instant of the fact.
  const after = at('2026-11-21T00:05:02Z');
  for (const event of [given.school(), given.student(), given.guardian(guardian('g1'))]) await event;
  await given.guardian(guardian('consents', { wantsNotices: false }));
  await given.paid('e1');
  await given.guardian(guardian('g1', { name: 'Mới', changedAt: before }), 2);
  await given.guardian(guardian('consents', { changedAt: after }), 2);
  await given.guardian(guardian('comes', { changedAt: after }));
  await given.guardian(guardian('came', { changedAt: before }));
  await given.guardian(guardian('silent', { changedAt: before, wantsNotices: false }));
  for (const ms of [60_000, 600_000]) {
    database.setNow(later(ms));
    await look();
  }
  expect(await told()).toEqual(['e1→came', 'e1→g1']);
});

test('two workers that look at the same time tell it once', async () => {
  database.setNow(heard);
  await given.paid('e1');
  for (const event of [given.school(), given.student(), given.guardian(guardian('g1'))]) await event;
  database.setNow(later(1_000));
  await Promise.all([look(), look(), look()]);
  expect(await told()).toEqual(['e1→g1']);
});

test('an alert for which nobody becomes known within seven days ends, and keeps no name', async () => {
  database.setNow(heard);
  await given.paid('e1');
  database.setNow(later(7 * 86_400_000));
  await look();
  expect(await statuses()).toEqual(['WAITING']);
  database.setNow(later(7 * 86_400_000 + 60_001));
  await look();
  expect(await statuses()).toEqual(['EXPIRED']);
  expect(JSON.stringify(await database.db.collection('alerts').find().toArray())).not.toContain('Giang');
});

test('more alerts than one portion are told in portions', async () => {
  database.setNow(heard);
  for (const id of ['e1', 'e2', 'e3']) await given.paid(id);
  for (const event of [given.school(), given.student(), given.guardian(guardian('g1'))]) await event;
  database.setNow(later(1_000));
  expect((await look(2)).value).toEqual({ looked: 2, composed: 2 });
  expect((await look(2)).value).toEqual({ looked: 1, composed: 1 });
  expect(await told()).toEqual(['e1→g1', 'e2→g1', 'e3→g1']);
});

// Pupils p1 and p2 share a guardian; p1 has another; p3's asked for nothing.
const tie = (studentId: string) => ({ studentId, from: day('2026-09-05') });
const events = {
  school: () => given.school(),
  'p1 enrolled': () => given.student('p1'),
  'p1 moved': () => given.student('p1', 2, '2A'),
  'p2 enrolled': () => given.student('p2'),
  'p3 enrolled': () => given.student('p3'),
  'g1 known': () => given.guardian(guardian('g1', { name: 'Cũ', guardianships: [tie('p1'), tie('p2')] }), 1),
  'g1 renamed': () => given.guardian(guardian('g1', { name: 'Mới', guardianships: [tie('p1'), tie('p2')] }), 2),
  'g2 known': () => given.guardian(guardian('g2', { guardianships: [tie('p1')] })),
  'g3 known': () => given.guardian(guardian('g3', { wantsNotices: false, guardianships: [tie('p3')] })),
  'e1 p1 paid': () => given.paid('e1', { studentId: 'p1' }),
  'e2 p1 paid': () => given.paid('e2', { studentId: 'p1' }),
  'e3 p2 paid': () => given.paid('e3', { studentId: 'p2' }),
  'e4 p3 paid': () => given.paid('e4', { studentId: 'p3' }),
  look: () => look(),
} as const;
type Name = keyof typeof events;
const names = Object.keys(events) as Name[];

test('in any order and however often the events of both topics come, the same letters go out', async () => {
  const orders = fc
    .tuple(
      fc.shuffledSubarray(names, { minLength: names.length }),
      fc.array(fc.constantFrom(...names), { maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
    )
    .map(([all, repeats, places]) => {
      const order = [...all];
      for (const name of repeats) order.splice((places.next().value ?? 0) % order.length, 0, name);
      return order;
    });
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      for (const collection of ['schools', 'students', 'guardians', 'alerts', 'deliveries'])
        await database.db.collection(collection).deleteMany({});
      for (const [step, name] of order.entries()) {
        database.setNow(later(step * 1_000));
        await events[name]();
      }
      database.setNow(later(3_600_000));
      await look();
      database.setNow(later(7_200_000));
      await look();
      expect(await told()).toEqual(['e1→g1', 'e1→g2', 'e2→g1', 'e2→g2', 'e3→g1']);
      expect(await statuses()).toEqual(['COMPOSED', 'COMPOSED', 'COMPOSED', 'COMPOSED']);
    }),
    { numRuns: 40 },
  );
});

test('looking again reads the alerts whose turn has come, and not those of a whole school year', async () => {
  const settled = Array.from({ length: 200 }, (_, nth) => ({
    _id: `settled ${nth}` as never,
    schoolId,
    status: 'COMPOSED',
    studentId: 's',
    kind: 'ABSENT',
  }));
  await database.db.collection('alerts').insertMany(settled);
  database.setNow(heard);
  await given.paid('e1');
  database.setNow(later(1_000));
  await database.db.command({ profile: 2 });
  expect((await look()).value.looked).toBe(1);
  await database.db.command({ profile: 0 });
  const profile = database.db.collection('system.profile');
  const read = await profile.find({ ns: /[.]alerts$/, docsExamined: { $exists: true } }).toArray();
  await profile.drop();
  expect(read.length).toBeGreaterThan(0);
  expect(read.filter(({ docsExamined }) => Number(docsExamined) > 1)).toEqual([]);
});
