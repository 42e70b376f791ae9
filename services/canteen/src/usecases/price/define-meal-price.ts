import type { Result } from '@schoolbell/kernel';
import { type DatedRefused, type LaidDown, layDown } from '../../domain/dated.ts';
import { type MealPrice, priceContent } from '../../domain/price.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc DefineMealPrice: one more price; what was laid down before is kept, and loses the days that this one covers. */
export async function defineMealPrice(
  tx: CanteenTx,
  { price, by }: { readonly price: MealPrice; readonly by: string },
): Promise<Result<LaidDown<MealPrice>, DatedRefused>> {
  const earlier = await tx.prices.find(price.id);
  const laid = layDown(price, earlier, { others: await tx.prices.ofMeals([price.meal]), contentOf: priceContent });
  if (!laid.ok || earlier) return laid;
  tx.prices.insert(laid.value, { at: tx.now, by });
  return laid;
}
