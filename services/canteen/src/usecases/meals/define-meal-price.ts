import type { Result } from '@schoolbell/kernel';
import { type DatedRefused, type Defined, define } from '../../domain/dated.ts';
import { type MealPrice, priceContent } from '../../domain/meals/price.ts';
import { startRecalculation } from '../../domain/meals/recalculation.ts';
import type { CanteenTx } from '../../tx.ts';

/**
 * rpc DefineMealPrice: adds a price. Earlier prices stay on record; this one replaces them from its first day on, except where one that
 * starts later applies. The clock reprices the meals that are booked on its days, also on past days.
 */
export async function defineMealPrice(
  tx: CanteenTx,
  { price, by }: { readonly price: MealPrice; readonly by: string },
): Promise<Result<Defined<MealPrice>, DatedRefused>> {
  const earlier = await tx.prices.find(price.id);
  const defined = define(price, earlier, { others: await tx.prices.ofMeals([price.meal]), contentOf: priceContent });
  if (!defined.ok || earlier) return defined;
  const { meal, effectiveFrom: firstDay, effectiveUntil: lastDay } = price;
  tx.prices.insert(defined.value, { at: tx.now, by });
  tx.recalculations.insert(startRecalculation({ id: tx.newId(), why: 'PRICE', meal, firstDay, lastDay }, tx.now));
  tx.plans.lookAgain(tx.now, { fromTheBeginning: false });
  return defined;
}
