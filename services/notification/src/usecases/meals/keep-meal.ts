import { type Ok, ok } from '@schoolbell/kernel';
import { type HeardMeal, waitingMeal } from '../../domain/meals/meal-alert.ts';
import { familyOf } from '../../domain/meals/meals.ts';
import type { NotificationTx } from '../../tx.ts';

export type Kept = { readonly outcome: 'WAITING' | 'KNOWN_ALREADY' | 'NOTHING_TO_END' };

/** events AccountCredited, CreditReversed, MealCutLate, MealRestored: nothing is told from here, the clock decides when its turn has come. */
export async function keepMeal(tx: NotificationTx, heard: HeardMeal): Promise<Ok<Kept>> {
  if ((await tx.alerts.known([heard.origin.eventId])).length > 0) return ok({ outcome: 'KNOWN_ALREADY' });
  tx.alerts.insert(waitingMeal(heard, tx.now));
  return ok({ outcome: 'WAITING' });
}

/** event MealCancelled: most cuts are the first word of their meal, and billing's credit tells them. One that was too late before is none any more. */
export async function endLateCut(tx: NotificationTx, heard: HeardMeal): Promise<Ok<Kept>> {
  const { meal } = waitingMeal(heard, tx.now).about;
  const known = await tx.alerts.ofMeals([meal]);
  return known.some(({ kind }) => familyOf(kind) === 'CUT_LATE') ? keepMeal(tx, heard) : ok({ outcome: 'NOTHING_TO_END' });
}
