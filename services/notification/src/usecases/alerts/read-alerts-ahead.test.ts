import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { guardian, invoicePaid, origin, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { alertGuardians } from './alert-guardians.ts';
import { readAlertsAhead } from './read-alerts-ahead.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  await given.school();
});
afterAll(() => database.close());

const pupils = Array.from({ length: 20 }, (_, index) => `pupil-${index}`);

test('what a transaction tells of many pupils costs as many questions as what it tells of one', async () => {
  for (const studentId of pupils) {
    await given.student(studentId);
    await given.guardian(guardian(`of-${studentId}`, { guardianships: [{ ...guardian('g').guardianships[0]!, studentId }] }));
  }
  await database.db.command({ profile: 2 });
  const told = pupils.map((studentId) => origin(`event-${studentId}`, { studentId }));
  await given.run(async (tx) => {
    await readAlertsAhead(tx, told);
    for (const each of told) await alertGuardians(tx, { origin: each, fact: invoicePaid() });
  });
  await database.db.command({ profile: 0 });
  const profile = database.db.collection('system.profile');
  const asked = await profile.find({ op: 'query', ns: /[.](alerts|schools|students|guardians)$/ }).toArray();
  await profile.drop();
  expect(asked.map(({ ns }) => ns.split('.').at(-1)).sort()).toEqual(['alerts', 'guardians', 'schools', 'students']);
  const letters = await database.db.collection('deliveries').find().toArray();
  expect(letters.map(({ guardianId }) => guardianId).sort()).toEqual(pupils.map((studentId) => `of-${studentId}`).sort());
});

test('an event that comes twice in what was read ahead is told once', async () => {
  await given.student();
  await given.guardian(guardian('g1'));
  const twice = [origin('event-1'), origin('event-1')];
  const outcomes = await given.run(async (tx) => {
    await readAlertsAhead(tx, twice);
    const ends: string[] = [];
    for (const each of twice) ends.push((await alertGuardians(tx, { origin: each, fact: invoicePaid() })).value.outcome);
    return ends;
  });
  expect(outcomes).toEqual(['COMPOSED', 'KNOWN_ALREADY']);
  expect(await database.db.collection('deliveries').countDocuments()).toBe(1);
});
