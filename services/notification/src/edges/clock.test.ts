import { createLogger, readConfig } from '@schoolbell/service-kit';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, day, guardian, markedAt, mealCredited, steps } from '../../test/given.ts';
import { notificationSchema } from '../config.ts';
import { collections } from '../store/indexes.ts';
import { notificationTx } from '../tx.ts';
import { clock } from './clock.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
beforeAll(async () => {
  database = await open();
});
afterAll(() => database.close());

const lines: string[] = [];
const woke: string[] = [];
const log = createLogger('notification', 'info', { write: (line) => void lines.push(line) });
function tick(name: string) {
  const read = readConfig(notificationSchema, {
    MONGODB_URI: 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
    KAFKA_BROKERS: '127.0.0.1:9092',
    SCHOOLBELL_JWKS_FILE: '/etc/schoolbell/jwks.json',
    SCHOOLBELL_SMTP_URL: 'smtp://127.0.0.1:2525',
    SCHOOLBELL_MAIL_FROM: 'thong-bao@truong.example.vn',
  });
  if (!read.ok) throw new Error(read.refusal.text);
  const { transact, read: query } = database;
  const wake = (woken: string) => void woke.push(woken);
  const found = clock({ transact, read: query, config: read.value, log, now: database.now, wake }).find((each) => each.name === name);
  if (!found) throw new Error(`no tick ${name}`);
  return found.run(new AbortController().signal);
}

const alerts = () => database.db.collection<{ _id: string; fact?: unknown; lookAgainAt?: Date }>('alerts');
const toldSchools = async () => (await database.db.collection('deliveries').distinct('schoolId')).sort();

async function schoolsWithPayments(schools: readonly string[], eventsOf: (school: string) => readonly string[]) {
  for (const school of schools) {
    const given = steps(database.transact, school);
    const studentId = `pupil of ${school}`;
    for (const event of eventsOf(school)) await given.paid(event, { studentId });
    const known = guardian(`guardian-of-${school}`, { guardianships: [{ studentId, from: day('2026-09-05') }] });
    for (const event of [given.school, () => given.student(studentId), () => given.guardian(known)]) await event();
  }
}

test('an alert that cannot be read holds up no other, of its own school or of another, and is tried again', async () => {
  database.setNow(at('2026-11-21T08:00:00Z'));
  const tens = Array.from({ length: 10 }, (_, index) => `event ${index}`);
  await schoolsWithPayments(['school-1', 'school-2'], (school) => (school === 'school-1' ? tens : ['event of school-2']));
  const broken = await alerts().findOne({ _id: 'event 4' });
  await alerts().updateOne({ _id: 'event 4' }, { $unset: { fact: '' } });
  database.setNow(at('2026-11-21T08:00:01Z'));
  await tick('waiting alerts');
  const told = async () => (await database.db.collection('deliveries').distinct('eventId')).length;
  expect([await told(), await toldSchools()]).toEqual([10, ['school-1', 'school-2']]);
  expect(lines.filter((line) => line.includes('is put off') && line.includes('school-1'))).toHaveLength(1);
  expect(lines.join('')).not.toMatch(/Phan|Giang|example/);

  await alerts().updateOne({ _id: 'event 4' }, { $set: { fact: broken?.fact } });
  await tick('waiting alerts');
  expect(await told()).toBe(10); // Its turn comes in a minute.
  database.setNow(at('2026-11-21T08:01:02Z'));
  await tick('waiting alerts');
  expect(await told()).toBe(11);
});

test('an alert whose time has come is released for every school, and the courier is told', async () => {
  const schools = ['school-7', 'school-8'];
  database.setNow(markedAt);
  for (const [index, school] of schools.entries()) {
    const given = steps(database.transact, school);
    const studentId = `pupil of ${school}`;
    const known = guardian(`guardian-of-${school}`, { guardianships: [{ studentId, from: day('2026-09-05') }] });
    for (const event of [given.school, () => given.student(studentId), () => given.guardian(known)]) await event();
    await given.marked(index + 1, { studentId });
  }
  woke.length = 0;
  await tick('due absences');
  expect(woke).toEqual([]);
  database.setNow(new Date(markedAt.getTime() + 600_000));
  await tick('due absences');
  const told = await database.db.collection('deliveries').find({ kind: 'ABSENT' }).toArray();
  expect(told.map(({ schoolId }) => schoolId).sort()).toEqual(schools);
  expect(new Set(woke)).toEqual(new Set(['deliveries', 'meal letters']));
});

test('a meal whose time has come is told, and the courier knows of it', async () => {
  const given = steps(database.transact, 'school-9');
  database.setNow(markedAt);
  for (const event of [given.school, given.student, () => given.guardian(guardian('guardian-of-9'))]) await event();
  await given.meal(1, mealCredited({ reason: 'OFFICE' }));
  woke.length = 0;
  await tick('meal letters');
  expect(woke).toEqual([]);
  database.setNow(new Date(markedAt.getTime() + 2_000));
  await tick('meal letters');
  expect(await database.db.collection('deliveries').countDocuments({ kind: 'MEAL_CREDITED' })).toBe(1);
  expect(woke).toEqual(['deliveries']);
});
