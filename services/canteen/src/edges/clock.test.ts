import { createLogger } from '@schoolbell/service-kit';
import { beforeEach, expect, test } from 'vitest';
import { at, day } from '../../test/facts.ts';
import { type Canteen, testSchools } from '../../test/given.ts';
import { clock } from './clock.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const run = (name: string) =>
  clock({ ...school.database, log: createLogger('canteen', 'silent') })
    .find((tick) => tick.name === name)
    ?.run(new AbortController().signal);
const duePlans = async () => (await school.read((tx) => tx.plans.due(tx.now, 10))).length;
const dueRecalculations = async () => (await school.read((tx) => tx.recalculations.due(tx.now, 10))).length;

/** A booking that nobody can read, so that all that touches it fails. */
const spoil = () =>
  school.database.db
    .collection('bookings')
    .insertOne({ schoolId: school.schoolId, studentId: school.an, date: '2026-11-23', meal: 'LUNCH', acts: 7 });

test('plans of several schools are laid out by one tick, and one that reaches its last day is due no more', async () => {
  const other = await schools.newSchool();
  await school.plan([school.an], { lastDay: day('2026-11-27') });
  await other.plan([other.an]);
  expect(await duePlans()).toBe(1);
  expect(await run('meal-plans')).toBe(false);
  expect([await school.documents('bookings'), await other.documents('bookings')]).toEqual([5, 28]);
  expect(await duePlans()).toBe(0);
});

test('a plan that cannot be laid out is put off for a minute, and holds up no other', async () => {
  const other = await schools.newSchool();
  await school.plan([school.an, school.binh]);
  await other.plan([other.an]);
  await spoil();
  expect(await run('meal-plans')).toBe(false);
  expect([await school.documents('bookings'), await other.documents('bookings')]).toEqual([29, 28]);
  expect(await duePlans()).toBe(0);
  school.itIs(at('06:01'));
  expect(await duePlans()).toBe(1);
});

test('a recalculation is due for its first pass, then for its second, and then no more', async () => {
  expect(await dueRecalculations()).toBe(3);
  while (await run('recalculations'));
  expect(await dueRecalculations()).toBe(0);
  school.itIs(at('06:01'));
  expect(await dueRecalculations()).toBe(3);
  while (await run('recalculations'));
  school.itIs(at('07:00'));
  expect(await dueRecalculations()).toBe(0);
});

test('a recalculation that fails is put off for a minute, and holds up no other school', async () => {
  const other = await schools.newSchool();
  await spoil();
  while (await run('recalculations'));
  expect(await dueRecalculations()).toBe(0);
  const waiting = async ({ schoolId }: Canteen) => school.database.db.collection('walks').countDocuments({ schoolId, pass: 1 });
  expect([await waiting(school), await waiting(other)]).toEqual([3, 0]);
  school.itIs(at('06:01'));
  expect(await dueRecalculations()).toBe(3);
});
