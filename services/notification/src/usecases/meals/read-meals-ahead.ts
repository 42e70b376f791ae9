import type { NotificationTx } from '../../tx.ts';

/** `first`: most likely the first word of its meal, so that only what is known of the meal is asked. */
export type MealAhead = { readonly eventId: string; readonly meal: string; readonly first: boolean };

/** Reads what many events of canteen need at once: a morning's cuts come by the hundred. */
export async function readMealsAhead(tx: NotificationTx, ahead: readonly MealAhead[]): Promise<void> {
  const cuts = ahead.filter(({ first }) => first).map(({ meal }) => meal);
  const others = ahead.filter(({ first }) => !first).map(({ eventId }) => eventId);
  if (cuts.length > 0) await tx.alerts.ofMeals(cuts);
  if (others.length > 0) await tx.alerts.known(others);
}
