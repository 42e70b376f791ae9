import { vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { at, day, lunch, monday } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { continueRecalculation } from './continue-recalculation.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const days = ['2026-11-23', '2026-11-24', '2026-12-01'].map((date) => lunch(day(date)));
const dearer = { amount: vnd(38_000n), effectiveFrom: day('2026-11-24'), effectiveUntil: day('2026-11-30'), citation: 'Thỏa thuận mới' };

test('a retroactive price change reprices every booked day it covers, also days gone by and meals that were cut, and no other', async () => {
  await school.book([school.an, school.binh], days);
  await school.say(school.an, { date: day('2026-11-24') });
  await school.tick();
  school.itIs(at('06:00', day('2026-12-02')));
  await school.define({ price: dearer });
  await school.tick();
  const repriced = (await school.announced()).filter(({ $case }) => $case === 'mealsRepriced');
  expect(repriced).toMatchObject([
    { value: { citation: 'Thỏa thuận mới', meals: [{ date: '2026-11-24', price: { minorUnits: 38_000n } }] } },
    { value: { meals: [{ date: '2026-11-24' }] } },
  ]);
  const amounts = await Promise.all(days.map(async (mealOfDay) => (await school.bookingOf(school.an, mealOfDay)).price.minorUnits));
  expect(amounts).toEqual([35_000n, 38_000n, 35_000n]);
});

test('two prices defined one after the other end alike, whichever recalculation comes first, and nothing is announced twice', async () => {
  await school.book([school.an], days);
  await school.define({ price: dearer });
  await school.define({ price: { ...dearer, amount: vnd(36_000n) } });
  await school.tick();
  school.itIs(at('06:01'));
  await school.tick();
  expect((await school.bookingOf(school.an, days[1])).price).toEqual(vnd(36_000n));
  expect((await school.announced()).filter(({ $case }) => $case === 'mealsRepriced')).toHaveLength(1);
});

test('a recalculation goes on where a killed process left it, and two workers do not announce a thing twice', async () => {
  await school.tick();
  await school.book([school.an, school.binh], days);
  await school.define({ price: dearer });
  const [recalculation] = (await school.read((tx) => tx.recalculations.due(at('06:00'), 10))).filter(
    ({ schoolId }) => schoolId === school.schoolId,
  );
  const go = () => school.transact((tx) => continueRecalculation(tx, { id: recalculation?.id ?? '', size: 3 }));
  await go();
  await Promise.all([go(), go()]);
  for (let chunk = 0; chunk < 3; chunk++) await go();
  expect((await school.announced()).filter(({ $case }) => $case === 'mealsRepriced')).toHaveLength(2);
});

test('a meal that is booked by the old price behind the recalculation’s back is found by its second pass', async () => {
  await school.define({ price: dearer });
  await school.tick();
  await school.book([school.an], days);
  await school.transact(async (tx) => {
    const [booking] = await tx.bookings.ofDay(school.an, day('2026-11-24'));
    if (booking) tx.bookings.reprice({ ...booking, price: vnd(35_000n) });
  });
  school.itIs(at('06:01'));
  await school.tick();
  expect((await school.bookingOf(school.an, days[1])).price).toEqual(vnd(38_000n));
});

test('a cut-off rule that is defined later moves only cut-offs that are to come, to times that are to come', async () => {
  const tuesday = lunch(day('2026-11-24'));
  await school.book([school.an], [lunch(), tuesday]);
  school.itIs(at('07:45'));
  await school.define({ rule: { daysBefore: 1, time: '16:00', halfDayRule: 'MORNING' } });
  await school.tick();
  expect((await school.bookingOf(school.an)).cutoffAt).toEqual(at('07:30'));
  expect(await school.bookingOf(school.an, tuesday)).toMatchObject({ cutoffAt: at('16:00', monday), halfDayRule: 'MORNING' });
  school.itIs(at('17:00'));
  await school.define({ rule: { daysBefore: 0, time: '07:30' } });
  await school.tick();
  expect((await school.bookingOf(school.an, tuesday)).cutoffAt).toEqual(at('16:00', monday));
});
