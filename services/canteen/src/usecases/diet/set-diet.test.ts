import { beforeEach, expect, test } from 'vitest';
import { at, day, lunch, monday } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import type { Diet } from '../../domain/diet.ts';
import { publishMenu } from '../menu/publish-menu.ts';
import { setDiet } from './set-diet.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const set = (diet: Partial<Diet>, { id = crypto.randomUUID() as string, studentId = school.an, since = monday } = {}) => {
  const wanted = { id, studentId, since, diet: { kind: 'STANDARD' as const, note: '', avoided: [], ...diet } };
  return school.transact((tx) => setDiet(tx, { wanted, by: 'nurse' }));
};

test('a diet reaches meals that are booked and meals that are booked later', async () => {
  await school.book([school.an]);
  await set({ kind: 'VEGETARIAN' });
  await school.book([school.an], [lunch(day('2026-11-24'))]);
  for (const date of ['2026-11-23', '2026-11-24']) {
    expect((await school.count(lunch(day(date)))).rows).toMatchObject([{ diet: 'VEGETARIAN', portions: 1, told: 1 }]);
  }
});

test('an allergy that is set after the cut-off reaches the kitchen at once, with the dishes that hold it', async () => {
  const egg = { name: 'Trứng gà', allergens: ['EGGS' as const] };
  const menu = { id: crypto.randomUUID(), ...lunch(), dishes: [{ name: 'Thịt kho trứng', ingredients: [egg] }] };
  await school.transact((tx) => publishMenu(tx, { menu, by: 'principal', schoolId: school.schoolId }));
  await school.book([school.an, school.binh]);
  school.itIs(at('10:00'));
  await set({ avoided: ['EGGS'] });
  const { careful, lateChanges, menuKnown, rows } = await school.count();
  expect(menuKnown).toBe(true);
  expect(careful).toMatchObject([{ studentName: 'An', diet: { avoided: ['EGGS'] }, dishes: ['Thịt kho trứng'] }]);
  expect(lateChanges).toMatchObject([{ kind: 'DIET_CHANGED', studentName: 'An', heardAt: at('10:00') }]);
  expect(rows).toMatchObject([{ portions: 2, told: 2 }]);
});

test('a diet holds from its day on, and the one that was set last wins', async () => {
  await school.book([school.an], [lunch(), lunch(day('2026-11-24'))]);
  await set({ kind: 'SOFT' }, { since: day('2026-11-24') });
  expect((await school.bookingOf(school.an)).diet.kind).toBe('STANDARD');
  await set({ kind: 'NO_PORK' });
  expect((await school.bookingOf(school.an, lunch(day('2026-11-24')))).diet.kind).toBe('NO_PORK');
});

test('the same diet sent twice is one; its id with another is refused, and so is a pupil nobody knows', async () => {
  const id = crypto.randomUUID();
  expect(await set({ kind: 'SOFT' }, { id })).toEqual(await set({ kind: 'SOFT' }, { id }));
  expect(await school.documents('diets')).toBe(1);
  expect(await set({ kind: 'OTHER' }, { id })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
  expect(await set({}, { studentId: 'nobody' })).toMatchObject({ refusal: { code: 'STUDENT_UNKNOWN' } });
});
