import { addDays } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { at, lunch, monday } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { followAttendance, type Said } from './follow-attendance.ts';
import { readDaysAhead } from './read-days-ahead.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const said = (studentId: string, version: number, { absent = true } = {}): Said => ({
  studentId,
  date: monday,
  fact: { version, session: 'MORNING', absent, reportedAt: at('06:40') },
});

/** As a consumer does with what it heard together. */
const hear = (facts: readonly Said[]) =>
  school.transact(async (tx) => {
    await readDaysAhead(tx, facts);
    for (const fact of facts) expect(await followAttendance(tx, fact)).toMatchObject({ ok: true });
  });

test('facts of one pupil and day that share a transaction see each other: cut, on again and cut is one meal that is cut', async () => {
  await school.book([school.an]);
  await hear([said(school.an, 1), said(school.an, 2, { absent: false }), said(school.an, 3)]);
  expect((await school.announced()).map(({ $case }) => $case)).toEqual(['mealsBooked', 'mealCancelled', 'mealRestored', 'mealCancelled']);
  expect((await school.bookingOf(school.an)).standing.status).toBe('CANCELLED');
  expect((await school.count()).rows).toEqual([]);
});

test('a roll with many absent pupils costs as many questions as a roll with one', async () => {
  const pupils = await Promise.all(Array.from({ length: 20 }, () => school.student()));
  await school.book(pupils);
  const { db } = school.database;
  await db.command({ profile: 2 });
  await hear(pupils.map((studentId) => said(studentId, 1)));
  await db.command({ profile: 0 });
  const profile = db.collection('system.profile');
  const asked = await profile.find({ op: 'query', ns: /[.](attendance_days|bookings)$/ }).toArray();
  await profile.drop();
  expect(asked.map(({ ns }) => ns.split('.').at(-1)).sort()).toEqual(['attendance_days', 'bookings']);
  expect((await school.announced()).filter(({ $case }) => $case === 'mealCancelled')).toHaveLength(20);
});

test('long leave of one pupil and one day of another read their own days, not every pupil on every day', async () => {
  const week = [0, 1, 2, 3, 4].map((days) => lunch(addDays(monday, days)));
  const others = await Promise.all(Array.from({ length: 30 }, () => school.student()));
  await school.book([school.an, school.binh, ...others], week);
  const { db } = school.database;
  await db.command({ profile: 2 });
  await hear([...week.map(({ date }, at) => ({ ...said(school.an, at + 1), date })), said(school.binh, 1)]);
  await db.command({ profile: 0 });
  const profile = db.collection('system.profile');
  const [asked] = await profile.find({ op: 'query', ns: /[.]bookings$/ }).toArray();
  await profile.drop();
  expect(asked).toMatchObject({ nreturned: 6, docsExamined: 6 });
});
