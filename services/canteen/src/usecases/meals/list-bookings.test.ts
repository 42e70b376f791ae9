import { beforeEach, expect, test } from 'vitest';
import { day, lunch, monday } from '../../../test/facts.ts';
import { type Canteen, office, testSchools } from '../../../test/given.ts';
import { listBookings } from './list-bookings.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const page = { after: '', size: 2 };
const days = ['2026-11-23', '2026-11-24', '2026-12-01'].map((date) => lunch(day(date)));

test('a pupil’s meals of a month come page by page, and a day’s by pupil', async () => {
  await school.book([school.an, school.binh], days);
  const ofAn = { studentId: school.an, month: '2026-11', date: undefined, actor: school.mother, page: { after: '', size: 1 } };
  const first = await school.read((tx) => listBookings(tx, ofAn));
  expect(first).toMatchObject({ value: { rows: [{ date: '2026-11-23' }], next: '2026-11-23:LUNCH' } });
  const rest = await school.read((tx) => listBookings(tx, { ...ofAn, page: { after: '2026-11-23:LUNCH', size: 2 } }));
  expect(rest).toMatchObject({ value: { rows: [{ date: '2026-11-24' }], next: undefined } });
  const ofDay = { studentId: undefined, month: undefined, date: monday, actor: office };
  const one = await school.read((tx) => listBookings(tx, { ...ofDay, page: { after: '', size: 1 } }));
  if (!one.ok) throw new Error(one.refusal.code);
  const other = await school.read((tx) => listBookings(tx, { ...ofDay, page: { after: one.value.next ?? '', size: 1 } }));
  if (!other.ok) throw new Error(other.refusal.code);
  expect([...one.value.rows, ...other.value.rows].map(({ studentId }) => studentId).sort()).toEqual([school.an, school.binh].sort());
});

test('a parent sees own children only, and no day of the school', async () => {
  for (const studentId of [school.binh, undefined]) {
    const question = { studentId, month: undefined, date: undefined, actor: school.mother, page };
    expect(await school.read((tx) => listBookings(tx, question))).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
  }
});
