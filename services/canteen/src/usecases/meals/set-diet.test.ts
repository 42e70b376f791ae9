import { beforeEach, expect, test } from 'vitest';
import { at, day, lunch, monday } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import type { Diet, DietWish } from '../../domain/meals/diet.ts';
import { publishMenu } from './publish-menu.ts';
import { setDiet } from './set-diet.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const set = (diet: Partial<Diet>, facts: Partial<DietWish> = {}) => {
  const whole = { kind: 'STANDARD' as const, note: '', avoided: [], ...diet };
  const may = { cleared: [], noteCleared: false };
  const wanted = { id: crypto.randomUUID(), studentId: school.an, since: monday, ...may, diet: whole, ...facts };
  return school.transact((tx) => setDiet(tx, { wanted, by: 'nurse' }));
};

test('a diet reaches meals that are booked and meals that are booked later', async () => {
  await school.book([school.an]);
  await set({ kind: 'VEGETARIAN' });
  await school.book([school.an], [lunch(day('2026-11-24'))]);
  for (const date of ['2026-11-23', '2026-11-24']) {
    expect((await school.count(lunch(day(date)))).rows).toMatchObject([{ diet: 'VEGETARIAN', portions: 1, portionsAtCutoff: 1 }]);
  }
});

test('an allergy that is set after the cut-off reaches the kitchen at once, with the dishes that hold it', async () => {
  const egg = { name: 'Trứng gà', allergens: ['EGGS' as const] };
  const menu = { id: crypto.randomUUID(), ...lunch(), dishes: [{ name: 'Thịt kho trứng', ingredients: [egg] }] };
  await school.transact((tx) => publishMenu(tx, { menu, by: 'principal' }));
  await school.book([school.an, school.binh]);
  school.itIs(at('10:00'));
  await set({ avoided: ['EGGS'] });
  const { careful, lateChanges, served, rows } = await school.count();
  expect(served.dishes).toMatchObject([{ name: 'Thịt kho trứng' }]);
  expect(careful).toMatchObject([{ studentName: 'An', diet: { avoided: ['EGGS'] }, dishes: ['Thịt kho trứng'] }]);
  expect(lateChanges).toMatchObject([{ kind: 'DIET_CHANGED', studentName: 'An', heardAt: at('10:00') }]);
  expect(rows).toMatchObject([{ portions: 2, portionsAtCutoff: 2 }]);
});

const tuesday = lunch(day('2026-11-24'));

test('a diet holds from its day on, and one that is set for an earlier day does not end it', async () => {
  await school.book([school.an], [lunch(), tuesday]);
  await set({ kind: 'SOFT' }, { since: tuesday.date });
  expect((await school.bookingOf(school.an)).diet.kind).toBe('STANDARD');
  await set({ kind: 'NO_PORK', avoided: ['EGGS'] });
  expect((await school.bookingOf(school.an)).diet).toMatchObject({ kind: 'NO_PORK', avoided: ['EGGS'] });
  expect((await school.bookingOf(school.an, tuesday)).diet).toMatchObject({ kind: 'SOFT', avoided: ['EGGS'] });
});

test('an allergy is not lost by a new diet unless that is said, and what would be lost changes nothing', async () => {
  await school.book([school.an]);
  await set({ avoided: ['PEANUTS'] });
  expect(await set({ kind: 'VEGETARIAN' })).toMatchObject({
    refusal: { code: 'DIET_WOULD_DROP', allergens: 1, note: false, studentId: school.an, className: '1A' },
  });
  expect((await school.bookingOf(school.an)).diet).toMatchObject({ kind: 'STANDARD', avoided: ['PEANUTS'] });
  expect(await set({ kind: 'VEGETARIAN' }, { cleared: ['PEANUTS'] })).toMatchObject({ ok: true });
  expect((await school.bookingOf(school.an)).diet).toMatchObject({ kind: 'VEGETARIAN', avoided: [] });
});

test('the same diet sent twice is one; its id with another is refused, and so is a pupil nobody knows', async () => {
  const id = crypto.randomUUID();
  expect(await set({ kind: 'SOFT' }, { id })).toEqual(await set({ kind: 'SOFT' }, { id }));
  expect(await school.documents('diets')).toBe(1);
  expect(await set({ kind: 'OTHER' }, { id })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
  expect(await set({}, { studentId: 'nobody' })).toMatchObject({ refusal: { code: 'STUDENT_UNKNOWN' } });
});
