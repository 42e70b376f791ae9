import { expect, test } from 'vitest';
import { day } from '../../../test/facts.ts';
import { mealKey } from './meal.ts';

test('keys of meals sort as their days do', () => {
  expect(mealKey({ date: day('2026-11-30'), meal: 'SNACK' }) < mealKey({ date: day('2026-12-01'), meal: 'LUNCH' })).toBe(true);
});
