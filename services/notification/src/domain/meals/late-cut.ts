import { type Alert, type SettledAlert, settled, type ToldAlert } from '../alerts/alert.ts';
import type { Some } from '../alerts/fact.ts';
import type { KnownMeal, WaitingMeal } from './meal-alert.ts';
import { isMealFact, mealKey, without } from './meals.ts';

/** A late cut that holds no more, and the alert by which it was told. */
export type Ending = { readonly alert: WaitingMeal; readonly ended: KnownMeal };

/** What was told by one letter ends together; each in the order in which it ended. */
export function endingsByLetter(endings: readonly Ending[]): { readonly letter: string; readonly endings: Some<Ending> }[] {
  const inOrder = endings.toSorted((a, b) => a.alert.about.version - b.alert.about.version);
  const letters = Map.groupBy(inOrder, ({ ended }) => ended.toldWith ?? ended.eventId);
  return [...letters].flatMap(([letter, [first, ...more]]) => (first ? [{ letter, endings: [first, ...more] as const }] : []));
}

/**
 * The alert of a letter, once some of its late cuts have ended: whoever turns up late as a guardian is told only what still stands.
 * `standing` says of how many meals the letter still speaks rightly; undefined is an alert that is not kept any more.
 */
export function afterEndings(
  leader: Alert | undefined,
  endings: readonly Ending[],
  now: Date,
): { standing: number; after?: ToldAlert | SettledAlert } {
  if (!leader || leader.status === 'WAITING') return { standing: 0 };
  const standing = Math.max(0, (leader.standing ?? 1) - endings.length);
  if (leader.status !== 'TOLD') return { standing, after: { ...leader, standing } };
  const { origin, fact } = leader;
  const gone = new Set(endings.map(({ ended }) => ended.about.meal));
  const rest = isMealFact(fact) ? without(fact, (meal) => gone.has(mealKey(origin.studentId, meal))) : undefined;
  if (rest) return { standing, after: { ...leader, fact: rest, standing } };
  return { standing, after: settled('COMPOSED', { ...leader, standing, now }) };
}

export function eventOf(alert: Alert): string {
  return 'origin' in alert ? alert.origin.eventId : alert.eventId;
}
