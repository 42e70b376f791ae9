import { expect, test } from 'vitest';
import { day } from '../../test/facts.ts';
import { dietOn, needsCare, type SetDiet, sameDiet, standardDiet } from './diet.ts';

const set = (order: number, since: string, facts: Partial<SetDiet['diet']> = {}): SetDiet => ({
  id: String(order),
  studentId: 'an',
  diet: { ...standardDiet, ...facts },
  since: day(since),
  order,
});

test('of the diets that have begun the one that was set last holds, and nobody’s is the standard one', () => {
  const all = [set(2, '2026-12-01', { kind: 'SOFT' }), set(1, '2026-11-01', { kind: 'VEGETARIAN' })];
  expect(dietOn(all, day('2026-10-31'))).toEqual(standardDiet);
  expect(dietOn(all, day('2026-11-30')).kind).toBe('VEGETARIAN');
  expect(dietOn(all, day('2026-12-01')).kind).toBe('SOFT');
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
