import { addDays } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { at, monday } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { fish, soup } from '../../../test/kitchen-facts.ts';
import { setDiet } from '../meals/set-diet.ts';
import { type PortionSpan, readPortions } from './read-portions.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

const readOf = (span: Partial<PortionSpan> = {}) =>
  kitchen.school.read((tx) => readPortions(tx, { from: monday, until: monday, meal: undefined, ...span }));

test('the sheet of a day has the portions of each class, and what changed after the cut-off', async () => {
  const { school } = kitchen;
  school.itIs(at('06:00'));
  await school.book([school.an, school.binh]);
  school.itIs(at('07:40'));
  await school.say(school.an, { reportedAt: at('07:40') });
  expect(await readOf()).toMatchObject({
    value: {
      meals: [
        { meal: 'LUNCH', rows: [{ className: '1A', portions: 2, portionsAtCutoff: 2, cutLate: 1 }], lateChanges: [{ kind: 'CUT_LATE' }] },
      ],
    },
  });
});

test('the sheet warns by the dishes that its head names', async () => {
  const { school } = kitchen;
  school.itIs(at('06:00'));
  const diet = { kind: 'STANDARD' as const, note: '', avoided: ['FISH' as const] };
  const wanted = { id: crypto.randomUUID(), studentId: school.an, since: monday, diet, cleared: [], noteCleared: false };
  await school.transact((tx) => setDiet(tx, { wanted, by: 'nurse' }));
  await school.book([school.an]);
  await kitchen.plan();
  expect(await readOf()).toMatchObject({
    value: { meals: [{ served: { dishes: [fish, soup] }, careful: [{ dishes: [fish.name], unclear: [] }] }] },
  });
});

test.each([
  ['that end before they begin', { until: addDays(monday, -1) }, 'BOOK_ENDS_TOO_EARLY'],
  ['of more than a week', { until: addDays(monday, 7) }, 'BOOK_SPAN_TOO_LONG'],
  ['on which nobody eats', { meal: 'SNACK' }, 'BOOK_EMPTY'],
] as const)('days %s have no sheet', async (_, span, code) => {
  expect(await readOf(span)).toMatchObject({ refusal: { code } });
});
