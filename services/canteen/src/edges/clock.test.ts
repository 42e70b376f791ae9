import { createLogger } from '@schoolbell/service-kit';
import { beforeEach, expect, test } from 'vitest';
import { at } from '../../test/facts.ts';
import { type Canteen, testSchools } from '../../test/given.ts';
import { clock } from './clock.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const ticks = () => {
  const { transact, read } = school.database;
  return clock({ transact, read, log: createLogger('canteen', 'silent') });
};
const run = (name: string) =>
  ticks()
    .find((tick) => tick.name === name)
    ?.run(new AbortController().signal);

test('plans of several schools are laid out by one tick', async () => {
  const other = await schools.newSchool();
  await school.plan([school.an]);
  await other.plan([other.an]);
  expect(await run('meal-plans')).toBe(false);
  expect([await school.documents('bookings'), await other.documents('bookings')]).toEqual([28, 28]);
});

test('a plan that cannot be laid out is put off, and does not hold up another school’s', async () => {
  const other = await schools.newSchool();
  await school.plan([school.an]);
  await other.plan([other.an]);
  await school.database.db
    .collection('bookings')
    .insertOne({ schoolId: school.schoolId, studentId: school.an, date: '2026-11-23', meal: 'LUNCH', acts: 7 });
  await expect(run('meal-plans')).rejects.toThrow();
  expect(await other.documents('bookings')).toBe(28);
  const [plan] = await school.read((tx) => tx.plans.ofPupils([school.an]));
  expect(plan?.dueAt).toEqual(at('06:01'));
  await school.database.db.collection('bookings').deleteMany({ schoolId: school.schoolId });
});

test('walks go on until nothing is due', async () => {
  while (await run('walks'));
  expect(await school.read((tx) => tx.walks.due(at('06:00'), 10))).toEqual([]);
});
