import type { Result } from '@schoolbell/kernel';
import { type DatedRefused, type LaidDown, layDown } from '../../domain/dated.ts';
import { type MealPrice, priceContent } from '../../domain/meals/price.ts';
import { startWalk } from '../../domain/meals/walk.ts';
import type { CanteenTx } from '../../tx.ts';

/**
 * rpc DefineMealPrice: one more price; what was laid down before is kept, and loses the days that this one covers unless it begins later. Meals that are booked
 * on those days, also on days gone by, are repriced by the clock.
 */
export async function defineMealPrice(
  tx: CanteenTx,
  { price, by }: { readonly price: MealPrice; readonly by: string },
): Promise<Result<LaidDown<MealPrice>, DatedRefused>> {
  const earlier = await tx.prices.find(price.id);
  const laid = layDown(price, earlier, { others: await tx.prices.ofMeals([price.meal]), contentOf: priceContent });
  if (!laid.ok || earlier) return laid;
  const { meal, effectiveFrom: firstDay, effectiveUntil: lastDay } = price;
  tx.prices.insert(laid.value, { at: tx.now, by });
  tx.walks.insert(startWalk({ id: tx.newId(), why: 'PRICE', meal, firstDay, lastDay }, tx.now));
  tx.plans.lookAgain(tx.now, { fromTheBeginning: false });
  return laid;
}
