import type { Money } from '@schoolbell/kernel';
import type { Dated } from '../dated.ts';

/** What a meal costs; zero for one that is free. */
export type MealPrice = Dated & { readonly amount: Money };

export function priceContent({ meal, amount, effectiveFrom, effectiveUntil, citation }: MealPrice): readonly unknown[] {
  return [meal, amount.minorUnits, effectiveFrom, effectiveUntil, citation];
}
