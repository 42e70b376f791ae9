import type { Result } from '@schoolbell/kernel';
import { type PlanRefused, planServing as plan, type ServedDish, type Serving, type ServingPlan } from '../../domain/kitchen/serving.ts';
import type { Menu } from '../../domain/meals/menu.ts';
import { servingPlanned } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc PlanServing: dishes with their ingredients come from the menu, portions from the kitchen's count, where the caller names none. */
export async function planServing(
  tx: CanteenTx,
  { wanted, by }: { readonly wanted: ServingPlan; readonly by: string },
): Promise<Result<Serving, PlanRefused>> {
  // One after the other: a transaction cannot read twice at once.
  const earlier = await tx.servings.find(wanted.id);
  const sameMeal = await tx.servings.ofMeal(wanted);
  const menu = await tx.menus.newest(wanted);
  const portions = wanted.portions || (await countedPortions(tx, wanted));
  const known = { earlier, sameMeal, menu: menu ? dishesOf(menu) : [] };
  const planned = plan(known, { ...wanted, portions }, { now: tx.now, by });
  if (!planned.ok || earlier) return planned;

  tx.servings.insert(planned.value);
  tx.emit(servingPlanned(planned.value));
  return planned;
}

async function countedPortions(tx: CanteenTx, meal: ServingPlan): Promise<number> {
  return (await tx.kitchenCounts.count(meal)).reduce((sum, { portions }) => sum + portions, 0);
}

/** A menu names its dishes without ids; a dish's place in that version of the menu becomes its id. */
function dishesOf({ id, dishes }: Menu): ServedDish[] {
  return dishes.map((dish, at) => ({ id: `${id}.${at + 1}`, ...dish }));
}
