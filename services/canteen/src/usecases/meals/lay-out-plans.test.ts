import { beforeEach, expect, test } from 'vitest';
import { at, day, lunch } from '../../../test/facts.ts';
import { type Canteen, office, testSchools } from '../../../test/given.ts';
import { layOutPlans } from './lay-out-plans.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const planned = async (studentIds: string[], wish = {}) => {
  const defined = await school.plan(studentIds, wish);
  if (!defined.ok) throw new Error(defined.refusal.code);
  await school.tick();
  return defined.value;
};
const thursday = lunch(day('2026-11-26'));
const facts = async () => (await school.announced()).map(({ $case }) => $case);

test('a plan books its school days up to the end of next month, in one event a pupil', async () => {
  await planned([school.an, school.binh]);
  expect(await school.announced()).toMatchObject([{ value: { meals: { length: 28 } } }, { value: { meals: { length: 28 } } }]);
  expect(await school.read((tx) => tx.plans.ofPupils([school.an]))).toMatchObject([{ laidUntil: '2026-12-31', waitsFor: undefined }]);
});

test('next month the plan goes on by itself, and books nothing twice', async () => {
  await planned([school.an], { week: [{ weekday: 1, meals: ['LUNCH'] }] });
  expect(await school.documents('bookings')).toBe(6);
  school.itIs(at('00:00', day('2026-12-01')));
  await school.tick();
  expect(await school.documents('bookings')).toBe(10);
  expect(await facts()).toEqual(['mealsBooked', 'mealsBooked']);
});

test('laid out twice at once, as after a killed process, a plan books each meal once', async () => {
  const [plan] = (await school.plan([school.an])).ok ? await school.read((tx) => tx.plans.ofPupils([school.an])) : [];
  const lay = () => school.transact((tx) => layOutPlans(tx, [plan?.id ?? '']));
  await Promise.all([lay(), lay()]);
  expect(await school.documents('bookings')).toBe(28);
  expect(await facts()).toEqual(['mealsBooked']);
});

test('a term break: a new calendar cancels what became free, adds what is missing, and says so', async () => {
  await planned([school.an], {
    week: [
      { weekday: 1, meals: ['LUNCH'] },
      { weekday: 4, meals: ['LUNCH'] },
    ],
    lastDay: day('2026-12-04'),
  });
  school.itIs(at('09:00'));
  const holiday = { firstDay: day('2026-11-26'), lastDay: day('2026-11-27'), name: 'Nghỉ giữa kỳ', citation: 'Kế hoạch năm học' };
  await school.define({ year: { holidays: [holiday], announcedAt: at('09:00') } });
  await school.tick();
  expect((await school.announced()).at(-1)).toMatchObject({
    ...{ $case: 'mealCancelled', value: { booking: { date: '2026-11-26' }, reason: 5, reportedAt: at('09:00') } },
  });
  expect((await school.count(thursday)).rows).toEqual([]);
  await school.define({ year: { holidays: [], announcedAt: at('09:30') } });
  await school.tick();
  expect((await school.announced()).at(-1)).toMatchObject({ $case: 'mealRestored', value: { reason: 4 } });
  expect(await school.documents('bookings')).toBe(4);
});

test('a day that becomes one of school is booked for plans that name it', async () => {
  await school.define({ year: { weekdays: { MORNING: [1], AFTERNOON: [1] } } });
  await planned([school.an], { lastDay: day('2026-11-27') });
  expect(await school.documents('bookings')).toBe(1);
  await school.define({ year: { announcedAt: at('06:00') } });
  await school.tick();
  expect(await school.documents('bookings')).toBe(5);
});

test('a day without school of which the school says so after the cut-off is not at the family’s cost', async () => {
  await planned([school.an], { lastDay: day('2026-11-23') });
  school.itIs(at('09:00'));
  const storm = { firstDay: day('2026-11-23'), lastDay: day('2026-11-23'), name: 'Nghỉ bão', citation: 'Công văn khẩn' };
  await school.define({ year: { holidays: [storm], announcedAt: at('09:00') } });
  await school.tick();
  expect((await school.bookingOf(school.an)).state).toMatchObject({ status: 'CANCELLED', reason: 'NO_SCHOOL' });
});

test('a plan without a calendar, a price or a cut-off waits, and goes on when it is defined', async () => {
  await planned([school.an], { week: [{ weekday: 1, meals: ['SNACK'] }] });
  const waitsFor = async () => (await school.read((tx) => tx.plans.ofPupils([school.an]))).map((plan) => plan.waitsFor);
  expect(await waitsFor()).toEqual(['PRICE']);
  await school.define({ price: { meal: 'SNACK' } });
  await school.tick();
  expect(await waitsFor()).toEqual(['CUTOFF_RULE']);
  await school.define({ rule: { meal: 'SNACK' } });
  await school.tick();
  expect(await school.documents('bookings')).toBe(6);
  await planned([school.binh], { firstDay: day('2027-07-01') });
  school.itIs(at('06:00', day('2027-06-01')));
  await school.tick();
  expect(await school.read((tx) => tx.plans.ofPupils([school.binh]))).toMatchObject([{ waitsFor: 'CALENDAR' }]);
});

test('a pupil on leave is planned for and cut; one who left is not planned for; one who is back is', async () => {
  await school.say(school.an, { date: thursday.date });
  await planned([school.an, school.binh], { lastDay: day('2026-11-27') });
  expect((await school.bookingOf(school.an, thursday)).state.status).toBe('CANCELLED');
  await school.student({ id: school.binh, version: 2, leftOn: day('2026-11-20') });
  await planned([school.an], { week: [{ weekday: 6, meals: ['LUNCH'] }] });
  expect((await school.bookingOf(school.binh, thursday)).state).toMatchObject({ reason: 'LEFT' });
  await school.student({ id: school.binh, version: 3 });
  await school.tick();
  expect((await school.bookingOf(school.binh, thursday)).state.status).toBe('BOOKED');
});

test('what a guardian cancelled stays cancelled when the plan is laid out again; what fell away with another plan is on again', async () => {
  const [plan] = await planned([school.an], { lastDay: day('2026-11-27') });
  await school.change('CANCEL', [school.an], { actor: school.mother, meals: [thursday] });
  const { endMealPlan } = await import('./end-meal-plan.ts');
  await school.transact((tx) => endMealPlan(tx, { planId: plan?.id ?? '', lastDay: day('2026-11-24'), actor: office }));
  const friday = lunch(day('2026-11-27'));
  expect((await school.bookingOf(school.an, friday)).state).toMatchObject({ reason: 'PLAN_ENDED' });
  await planned([school.an], { firstDay: day('2026-11-25'), lastDay: day('2026-11-27') });
  expect((await school.bookingOf(school.an, friday)).state.status).toBe('BOOKED');
});
