import { vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { at, day, lunch, monday } from '../../../test/facts.ts';
import { type Canteen, office, testSchools } from '../../../test/given.ts';
import { bookMeals } from './book-meals.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const tuesday = lunch(day('2026-11-24'));
const facts = async () => (await school.announced()).map(({ $case }) => $case);

test('meals of one pupil are announced together, each once', async () => {
  const order = {
    id: crypto.randomUUID(),
    does: 'BOOK',
    studentIds: [school.an],
    meals: [lunch(), tuesday],
    note: '',
    reportedAt: undefined,
  } as const;
  const booked = await school.transact((tx) => bookMeals(tx, { order, actor: office }));
  expect(await school.transact((tx) => bookMeals(tx, { order, actor: office }))).toEqual(booked);
  expect(await school.announced()).toMatchObject([
    {
      $case: 'mealsBooked',
      value: { studentId: school.an, studentName: 'An', meals: [{ date: monday, price: { minorUnits: 35_000n } }, { date: '2026-11-24' }] },
    },
  ]);
  const other = { ...order, meals: [lunch()] };
  expect(await school.transact((tx) => bookMeals(tx, { order: other, actor: office }))).toMatchObject({ refusal: { code: 'ID_REUSED' } });
});

test('a meal is booked once, whoever asks again', async () => {
  await school.book([school.an]);
  expect(await school.book([school.an, school.binh])).toMatchObject({ ok: true });
  await Promise.all([school.book([school.an], [tuesday]), school.book([school.an], [tuesday])]);
  expect(await school.documents('bookings')).toBe(3);
  expect(await facts()).toEqual(['mealsBooked', 'mealsBooked', 'mealsBooked']);
});

test('a parent books for an own child until the cut-off', async () => {
  expect(await school.book([school.an], [lunch()], school.mother)).toMatchObject({ ok: true });
  expect(await school.book([school.binh], [lunch()], school.mother)).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
  school.itIs(at('07:30'));
  const snackless = await school.book([school.an], [lunch(), tuesday], school.mother);
  expect(snackless).toMatchObject({ refusal: { code: 'CUTOFF_PASSED', date: monday, cutoffAt: at('07:30') } });
});

test('what the office books after the cut-off is a portion more, shown as such, also for a pupil said to be away', async () => {
  await school.say(school.an, {});
  school.itIs(at('09:00'));
  expect(await school.book([school.an])).toMatchObject({ value: [{ extra: true, state: { status: 'BOOKED' } }] });
  const { rows, lateChanges } = await school.count();
  expect(rows).toMatchObject([{ portions: 1, portionsAtCutoff: 0 }]);
  expect(lateChanges).toMatchObject([{ kind: 'EXTRA', studentName: 'An', heardAt: at('09:00') }]);
});

test('each booking keeps the price in force for its day', async () => {
  await school.define({ price: { amount: vnd(36_000n), effectiveFrom: day('2026-11-24') } });
  await school.book([school.an], [lunch(), tuesday]);
  expect((await school.bookingOf(school.an)).price).toEqual(vnd(35_000n));
  expect((await school.bookingOf(school.an, tuesday)).price).toEqual(vnd(36_000n));
});

test.each([
  ['an unknown pupil', { code: 'STUDENT_UNKNOWN' }, () => ['nobody'], lunch()],
  ['a day without school', { code: 'NO_SCHOOL_DAY' }, () => [school.an], lunch(day('2026-11-29'))],
  ['a holiday, by its name', { code: 'HOLIDAY', name: 'Tết Dương lịch' }, () => [school.an], lunch(day('2026-12-31'))],
  ['a day outside the school year', { code: 'OUTSIDE_SCHOOL_YEAR' }, () => [school.an], lunch(day('2027-07-01'))],
  ['a meal without a price', { code: 'PRICE_MISSING', meal: 'SNACK' }, () => [school.an], { date: monday, meal: 'SNACK' as const }],
])('%s is refused', async (_, refusal, whom, mealOfDay) => {
  expect(await school.book(whom(), [mealOfDay])).toMatchObject({ ok: false, refusal });
});

test('a pupil who left is refused for days after the last one, and a meal without a cut-off rule for all', async () => {
  await school.student({ id: school.an, version: 2, leftOn: monday });
  expect(await school.book([school.an], [tuesday])).toMatchObject({ refusal: { code: 'STUDENT_LEFT', leftOn: monday } });
  await school.define({ price: { meal: 'SNACK' } });
  expect(await school.book([school.binh], [{ date: monday, meal: 'SNACK' }])).toMatchObject({ refusal: { code: 'CUTOFF_RULE_MISSING' } });
});
