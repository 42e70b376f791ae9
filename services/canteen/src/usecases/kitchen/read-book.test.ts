import { addDays } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { monday } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { followSchool } from '../roster/follow-school.ts';
import { type BookSpan, readBook } from './read-book.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

const readOf = (span: Partial<BookSpan> = {}) =>
  kitchen.school.read((tx) => readBook(tx, { from: monday, until: monday, meal: undefined, ...span }));

test('a book has every meal of its days, as they are eaten, with the name of the school', async () => {
  const { school } = kitchen;
  await kitchen.plan({ meal: 'SNACK' });
  const { id } = await kitchen.ready();
  await kitchen.plan({ date: addDays(monday, 1), meal: 'BREAKFAST' });
  await school.transact((tx) => followSchool(tx, { school: { id: school.schoolId, name: 'Trường Tiểu học Hoa Phượng' }, version: 1 }));
  const found = await readOf({ until: addDays(monday, 1) });
  expect(found).toMatchObject({ value: { school: 'Trường Tiểu học Hoa Phượng' } });
  expect(found.ok && found.value.records.map(({ serving }) => serving.meal)).toEqual(['LUNCH', 'SNACK', 'BREAKFAST']);
  expect(await readOf({ meal: 'LUNCH' })).toMatchObject({ value: { records: [{ serving: { id }, cookings: [{}, {}] }] } });
});

test.each([
  ['that end before they begin', { until: addDays(monday, -1) }, 'BOOK_ENDS_TOO_EARLY'],
  ['of more than a month', { until: addDays(monday, 31) }, 'BOOK_SPAN_TOO_LONG'],
  ['without a meal', { until: addDays(monday, 30) }, 'BOOK_EMPTY'],
])('days %s have no book', async (_, span, code) => {
  expect(await readOf(span)).toMatchObject({ refusal: { code } });
});
