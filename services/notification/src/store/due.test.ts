import { inspect } from 'node:util';
import { everySchool } from '@schoolbell/service-kit';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { at, day, guardian, schoolId, steps } from '../../test/given.ts';
import { collections } from '../store/indexes.ts';
import { type NotificationTx, notificationTx } from '../tx.ts';
import { claimDeliveries } from '../usecases/deliveries/claim-deliveries.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
const begin = at('2026-11-21T08:00:00Z');
beforeEach(async () => {
  await database?.close();
  database = await open();
  database.setNow(begin);
  await schoolWithPayment(schoolId, 'pupil-1');
});
afterAll(() => database.close());

async function schoolWithPayment(school: string, studentId: string) {
  const given = steps(database.transact, school);
  const known = guardian(`guardian-of-${studentId}`, { guardianships: [{ studentId, from: day('2026-09-05') }] });
  for (const event of [given.school, () => given.student(studentId), () => given.guardian(known)]) await event();
  await given.paid(`event of ${studentId}`, { studentId });
}
const find = async (look: (tx: NotificationTx) => Promise<string[]>) => (await database.read({ schoolId: everySchool }, look)).sort();
const due = (tx: NotificationTx) => tx.deliveries.schoolsDue();
const urgent = (tx: NotificationTx) => tx.deliveries.schoolsDue('URGENT');

test('the clock sees which schools have something due, and none when nothing is', async () => {
  await schoolWithPayment('other', 'pupil-9');
  expect(await find(due)).toEqual([schoolId, 'other']);
  await database.transact({ schoolId }, (tx) => claimDeliveries(tx, { limit: 10, leaseMs: 60_000 }));
  expect(await find(due)).toEqual(['other']);
  expect(await find((tx) => tx.deliveries.schoolsOpen())).toEqual([schoolId, 'other']);
});

const waiting = () => database.read({ schoolId: everySchool }, (tx) => tx.alerts.dueOfEachSchool(10));

test('the clock sees which schools have an alert whose turn has come', async () => {
  await steps(database.transact, 'other').paid('e1', { studentId: 'pupil-unknown' });
  expect(await waiting()).toEqual([]);
  database.setNow(at('2026-11-21T08:00:01Z'));
  expect(await waiting()).toEqual([{ schoolId: 'other', id: 'e1' }]);
});

test('what is urgent is seen apart from what is due', async () => {
  expect(await find(urgent)).toEqual([]);
  const other = steps(database.transact, 'other');
  await other.school();
  await other.student('pupil-9');
  await other.guardian(guardian('g9', { guardianships: [{ studentId: 'pupil-9', from: day('2026-09-05') }] }));
  database.setNow(at('2026-11-23T00:40:00Z'));
  await other.marked(1, { studentId: 'pupil-9' });
  await other.release();
  expect(await find(urgent)).toEqual(['other']);
  expect(await find(due)).toEqual([schoolId, 'other']);
});

test('looking leaps from school to school in an index and reads no document', async () => {
  const everySchools = { schoolId: { $gt: '' } };
  const pipelines = {
    urgent: [
      { $match: { lane: 'URGENT', ...everySchools, dueAt: { $gt: new Date(0) } } },
      { $sort: { schoolId: 1, dueAt: 1 } },
      { $group: { _id: '$schoolId', dueAt: { $first: '$dueAt' } } },
      { $match: { dueAt: { $gt: new Date(0) }, $expr: { $lte: ['$dueAt', '$$NOW'] } } },
    ],
    absence_alerts: [{ $match: { ...everySchools, releaseAt: { $gt: new Date(0), $lte: begin } } }, { $group: { _id: '$schoolId' } }],
    deliveries: [
      { $match: { ...everySchools, dueAt: { $gt: new Date(0) } } },
      { $sort: { schoolId: 1, dueAt: 1 } },
      { $group: { _id: '$schoolId', dueAt: { $first: '$dueAt' } } },
      { $match: { dueAt: { $gt: new Date(0) }, $expr: { $lte: ['$dueAt', '$$NOW'] } } },
    ],
    alerts: [{ $match: { ...everySchools, lookAgainAt: { $gt: new Date(0), $lte: begin } } }, { $group: { _id: '$schoolId' } }],
  };
  for (const [collection, stages] of Object.entries(pipelines)) {
    const pipeline = [{ $match: {} }, ...stages];
    const plan = inspect(
      await database.db
        .collection(collection === 'urgent' ? 'deliveries' : collection)
        .aggregate(pipeline)
        .explain(),
      { depth: 20 },
    );
    expect(plan).toContain("'DISTINCT_SCAN'");
    expect(plan).not.toMatch(/'(FETCH|COLLSCAN)'/);
  }
});
