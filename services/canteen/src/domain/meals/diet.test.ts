import { expect, test } from 'vitest';
import { day } from '../../../test/facts.ts';
import { type Diet, type DietWish, dietOn, needsCare, type SetDiet, sameDiet, setDiet, standardDiet } from './diet.ts';

const set = (order: number, since: string, facts: Partial<SetDiet['diet']> = {}): SetDiet => ({
  id: String(order),
  studentId: 'an',
  diet: { ...standardDiet, ...facts },
  since: day(since),
  order,
});

test('of the diets that have begun the one that begins last holds, and nobody’s is the standard one', () => {
  const all = [set(2, '2026-12-01', { kind: 'SOFT' }), set(1, '2026-11-01', { kind: 'VEGETARIAN' })];
  expect(dietOn(all, day('2026-10-31'))).toEqual(standardDiet);
  expect(dietOn(all, day('2026-11-30')).kind).toBe('VEGETARIAN');
  expect(dietOn(all, day('2026-12-01')).kind).toBe('SOFT');
});

test('a diet of a later day is not void because another is set for an earlier one; of one day the last holds', () => {
  const all = [
    set(1, '2026-12-01', { kind: 'SOFT' }),
    set(2, '2026-11-01', { kind: 'VEGETARIAN' }),
    set(3, '2026-11-01', { kind: 'NO_PORK' }),
  ];
  expect(['2026-11-30', '2026-12-01'].map((date) => dietOn(all, day(date)).kind)).toEqual(['NO_PORK', 'SOFT']);
});

const wish = (since: string, facts: Partial<Diet> = {}, may: Partial<DietWish> = {}): DietWish => ({
  ...{ id: 'wish', studentId: 'an', since: day(since), cleared: [], noteCleared: false, diet: { ...standardDiet, ...facts } },
  ...may,
});
const pupil = { studentId: 'an', className: '1A' };
const setting = (wanted: DietWish, ...others: SetDiet[]) => setDiet(wanted, { others, pupil, newId: () => 'new' });
const peanuts = set(1, '2026-11-01', { avoided: ['PEANUTS'], note: 'Dị ứng dâu tây' });

test('what a pupil must not eat is not dropped by a diet that forgets it, and the refusal says what would be', () => {
  const dropped = { code: 'DIET_WOULD_DROP', allergens: 1, note: true, ...pupil };
  expect(setting(wish('2026-11-23', { kind: 'VEGETARIAN' }), peanuts)).toEqual({ ok: false, refusal: dropped });
  const kept = { kind: 'VEGETARIAN' as const, avoided: ['EGGS' as const, 'PEANUTS' as const], note: 'Dị ứng dâu tây, mang theo thuốc' };
  expect(setting(wish('2026-11-23', kept), peanuts)).toMatchObject({ ok: true, value: [{ order: 2, diet: kept }] });
});

test('an allergen or note is dropped where that is said, each for itself', () => {
  const may = { cleared: ['PEANUTS' as const], noteCleared: true };
  expect(setting(wish('2026-11-23', {}, may), peanuts)).toMatchObject({ ok: true });
  expect(setting(wish('2026-11-23', {}, { noteCleared: true }), peanuts)).toMatchObject({ refusal: { allergens: 1, note: false } });
  expect(setting(wish('2026-11-23', {}, { cleared: ['PEANUTS'] }), peanuts)).toMatchObject({ refusal: { allergens: 0, note: true } });
  expect(setting(wish('2026-10-01'), peanuts)).toMatchObject({ ok: true });
});

test('an allergy that is found today holds on when a diet of a later day begins; what is cleared there stays cleared', () => {
  const soft = set(2, '2026-12-01', { kind: 'SOFT', avoided: ['MILK'] });
  const found = setting(wish('2026-11-23', { avoided: ['EGGS', 'PEANUTS'], note: 'Dị ứng dâu tây' }), peanuts, soft);
  expect(found).toMatchObject({
    value: [
      { id: 'wish', order: 3 },
      { id: 'new', since: '2026-12-01', order: 4, diet: { kind: 'SOFT', avoided: ['EGGS', 'MILK'], note: 'Dị ứng dâu tây' } },
    ],
  });
  expect(
    setting(wish('2026-11-23', { kind: 'VEGETARIAN', avoided: ['PEANUTS'], note: 'Dị ứng dâu tây' }), peanuts, {
      ...soft,
      diet: { ...soft.diet, note: 'Ăn cháo' },
    }),
  ).toMatchObject({ value: { length: 1 } });
});

test('the order in which allergens are named makes no difference', () => {
  expect(sameDiet({ ...standardDiet, avoided: ['EGGS', 'MILK'] }, { ...standardDiet, avoided: ['MILK', 'EGGS'] })).toBe(true);
  expect(sameDiet(standardDiet, { ...standardDiet, note: 'Dị ứng dâu tây' })).toBe(false);
});

test('a note asks for care as an allergen does', () => {
  expect(
    [standardDiet, { ...standardDiet, note: 'Dị ứng dâu tây' }, { ...standardDiet, avoided: ['EGGS' as const] }].map(needsCare),
  ).toEqual([...[false, true, true]]);
});
