import { Allergen, Diet, type PupilDiet } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { expect, test } from 'vitest';
import { changedDiet, type DietOptions, dietOn } from './diets.ts';

const diet = (since: string, facts: Partial<PupilDiet> = {}): PupilDiet => ({
  ...{ dietId: 'd', studentId: 's', diet: Diet.STANDARD, note: 'Mang theo thuốc', avoided: [Allergen.PEANUTS], since },
  ...facts,
});
const said = (facts: Partial<DietOptions> = {}): DietOptions => ({ avoid: [], clear: [], ...facts });

test('what is not said of a diet stays as it is', () => {
  expect(changedDiet(diet('2026-11-01'), said({ diet: 'vegetarian' }))).toEqual({
    ...{ diet: { diet: Diet.VEGETARIAN, note: 'Mang theo thuốc', avoided: [Allergen.PEANUTS] }, cleared: [], noteCleared: false },
  });
  expect(changedDiet(diet('2026-11-01'), said({ avoid: [Allergen.EGGS] })).diet.avoided).toEqual([Allergen.PEANUTS, Allergen.EGGS]);
  expect(changedDiet(undefined, said()).diet).toEqual({ diet: Diet.STANDARD, note: '', avoided: [] });
});

test('an allergen or the note is dropped by name only, and a new note is a word about the old one', () => {
  expect(changedDiet(diet('2026-11-01'), said({ clear: ['peanuts', 'note'] }))).toEqual({
    ...{ diet: { diet: Diet.STANDARD, note: '', avoided: [] }, cleared: [Allergen.PEANUTS], noteCleared: true },
  });
  expect(changedDiet(diet('2026-11-01'), said({ note: 'Ăn ít' }))).toMatchObject({ diet: { note: 'Ăn ít' }, noteCleared: true });
  expect(() => changedDiet(undefined, said({ clear: ['nuts'], avoid: [Allergen.NUTS] }))).toThrow(/say one of them/);
  expect(() => changedDiet(undefined, said({ clear: ['strawberries'] }))).toThrow(/none of/);
});

test('the diet that is changed is the one that holds on the day', () => {
  const [first, again, later] = [diet('2026-11-01'), diet('2026-11-01', { note: 'x' }), diet('2026-12-01')];
  expect(dietOn([later, first, again], '2026-11-23')).toBe(again);
  expect(dietOn([later, first, again], '2026-12-01')).toBe(later);
  expect(dietOn([later], '2026-11-23')).toBeUndefined();
});
