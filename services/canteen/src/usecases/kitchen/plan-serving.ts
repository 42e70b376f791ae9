import type { Result } from '@schoolbell/kernel';
import { type PlanRefused, planServing as plan, type ServedDish, type Serving, type ServingPlan } from '../../domain/serving.ts';
import { servingPlanned } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc PlanServing: dishes of the menu and portions of the kitchen's count, where the caller names none. */
export async function planServing(
  tx: CanteenTx,
  { wanted, by }: { readonly wanted: ServingPlan; readonly by: string },
): Promise<Result<Serving, PlanRefused>> {
  const earlier = await tx.servings.find(wanted.id);
  const sameMeal = await tx.servings.ofMeal(wanted);
  const portions = wanted.portions || (await countedPortions(tx, wanted));
  const dishes = wanted.dishes.length > 0 ? wanted.dishes : await dishesOfMenu(tx, wanted);
  const planned = plan({ earlier, sameMeal }, { ...wanted, dishes, portions }, { now: tx.now, by });
  if (!planned.ok || earlier) return planned;

  tx.servings.insert(planned.value);
  tx.emit(servingPlanned(planned.value));
  return planned;
}

async function dishesOfMenu(tx: CanteenTx, meal: ServingPlan): Promise<ServedDish[]> {
  return ((await tx.menus.newest(meal))?.dishes ?? []).map(({ name }) => ({ id: tx.newId(), name }));
}

async function countedPortions(tx: CanteenTx, meal: ServingPlan): Promise<number> {
  return (await tx.kitchenCounts.count(meal)).reduce((sum, { portions }) => sum + portions, 0);
}
