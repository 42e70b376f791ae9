import { addDays, ok } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { at, monday } from '../../../test/facts.ts';
import { cooking, ingredient, portioning } from '../../../test/kitchen-facts.ts';
import {
  current,
  currentFor,
  dishPassed,
  type IngredientCheck,
  ingredientPassed,
  judgeCooking,
  judgeIngredient,
  judgePortioning,
  type NewRecord,
} from './food-check.ts';
import { foodRulesOn } from './food-check-rules.ts';

const meal = { date: monday, now: at('11:30'), rules: foodRulesOn(monday) };
const fresh = (facts: Partial<NewRecord<IngredientCheck>> = {}) => judgeIngredient(ingredient('s', facts), meal);
const dry = (facts: Partial<NewRecord<IngredientCheck>> = {}) =>
  fresh({ food: 'Nước mắm', category: 'DRY_PACKAGED_ADDITIVE', expiresOn: addDays(monday, 90), ...facts });
const code = (result: { ok: boolean; refusal?: { code: string } }) => (result.ok ? 'taken' : result.refusal?.code);

test('food that came in the morning and is good is taken', () => {
  expect(fresh()).toEqual(ok(undefined));
  expect(dry({ receivedAt: at('06:00', addDays(monday, -200)) })).toEqual(ok(undefined));
});

test.each([
  ['dry goods without an expiry', dry({ expiresOn: undefined }), 'EXPIRY_MISSING'],
  ['dry goods that expired the day before the meal', dry({ expiresOn: addDays(monday, -1) }), 'EXPIRED'],
  ['dry goods that expire on the day of the meal', dry({ expiresOn: monday }), 'taken'],
  ['expired goods that were sent back', dry({ expiresOn: addDays(monday, -1), sensory: 'FAILED', action: 'Trả lại' }), 'taken'],
  ['fresh food with an expiry that is over', fresh({ expiresOn: addDays(monday, -1) }), 'EXPIRED'],
  ['food that comes in the future', fresh({ receivedAt: at('11:33') }), 'CLOCK_AHEAD'],
  ['food by a clock that is a minute ahead', fresh({ receivedAt: at('11:31') }), 'taken'],
  ['fresh food of three days before', fresh({ receivedAt: at('05:00', addDays(monday, -3)) }), 'taken'],
  ['fresh food of four days before', fresh({ receivedAt: at('05:00', addDays(monday, -4)) }), 'RECEIVED_TOO_EARLY'],
  ['dry goods of two years before', dry({ receivedAt: at('05:00', addDays(monday, -730)) }), 'RECEIVED_TOO_EARLY'],
  ['food that failed with no action', fresh({ sensory: 'FAILED' }), 'ACTION_MISSING'],
  ['food whose quick test failed with no action', fresh({ quickTest: 'FAILED' }), 'ACTION_MISSING'],
  ['food that failed and was sent back', fresh({ sensory: 'FAILED', action: 'Trả lại' }), 'taken'],
])('step 1, %s', (_, result, wanted) => {
  expect(code(result)).toBe(wanted);
});

test('food of the day after the meal is not for the meal', () => {
  const later = { ...meal, now: at('11:30', addDays(monday, 2)) };
  expect(judgeIngredient(ingredient('s', { receivedAt: at('05:00', addDays(monday, 1)) }), later)).toMatchObject({
    refusal: { code: 'NOT_OF_THE_DAY' },
  });
});

test.each([
  ['a dish', {}, 'taken'],
  ['a dish that is cooked in the future', { cookedAt: at('12:00') }, 'CLOCK_AHEAD'],
  ['a dish that was prepared the evening before', { preparedAt: at('20:00', addDays(monday, -1)) }, 'NOT_OF_THE_DAY'],
  ['a kitchen that is not clean, with no action', { premises: 'FAILED' }, 'ACTION_MISSING'],
  ['a kitchen that was cleaned', { premises: 'FAILED', action: 'Lau lại sàn' }, 'taken'],
] as const)('step 2, %s', (_, facts, wanted) => {
  expect(code(judgeCooking(cooking('s', facts), 'Cá', meal))).toBe(wanted);
});

test.each([
  ['a dish', {}, 'taken'],
  ['a dish that will be eaten in half an hour', { eatingAt: at('12:00') }, 'taken'],
  ['a dish that will be portioned in half an hour', { portionedAt: at('12:00') }, 'CLOCK_AHEAD'],
  ['a dish that is eaten the next day', { eatingAt: at('11:00', addDays(monday, 1)) }, 'NOT_OF_THE_DAY'],
  ['boxes that are not clean, with no action', { hygiene: 'FAILED' }, 'ACTION_MISSING'],
] as const)('step 3, %s', (_, facts, wanted) => {
  expect(code(judgePortioning(portioning('s', facts), 'Cá', meal))).toBe(wanted);
});

test('a bad quick test makes food unfit, a missing one does not', () => {
  expect(ingredientPassed({ sensory: 'PASSED', quickTest: 'FAILED' })).toBe(false);
  expect(ingredientPassed({ sensory: 'PASSED', quickTest: undefined })).toBe(true);
  expect(dishPassed({ sensory: 'FAILED' })).toBe(false);
});

test('of a chain of corrections the last one holds, under each of its ids', () => {
  const written = (id: string, replaces?: string) => ({ ...ingredient('s', { id, replaces }), recordedAt: at('06:00'), recordedBy: 'x' });
  const chain = [written('a'), written('b', 'a'), written('c', 'b'), written('d')];
  expect(current(chain).map(({ id }) => id)).toEqual(['c', 'd']);
  expect(['a', 'b', 'c', 'd', 'e'].map((id) => currentFor(chain, id)?.id)).toEqual(['c', 'c', 'c', 'd', undefined]);
});
