import { type Alert, type SettledAlert, settled, type ToldAlert } from '../../domain/alert.ts';
import { mayHaveArrived } from '../../domain/delivery.ts';
import type { KnownMeal, WaitingMeal } from '../../domain/meal-alert.ts';
import { gather, isMealFact, mealKey, without } from '../../domain/meals.ts';
import type { NotificationTx } from '../../tx.ts';
import { retract, stop } from '../delivery/take-back-letters.ts';

/** A late cut that holds no more, and the alert by which it was told. */
export type Ending = { readonly alert: WaitingMeal; readonly ended: KnownMeal };

/**
 * Takes back what was told of late cuts, once for each letter that told of some. A letter of which nothing stands any more does not go
 * out; one that speaks of other meals too goes out, and what takes back a part of it follows. Answers with the told alerts it changed.
 */
export async function endLateCuts(tx: NotificationTx, endings: readonly Ending[]): Promise<ReadonlySet<string>> {
  const byLetter = Map.groupBy(endings, ({ ended }) => ended.toldWith ?? ended.eventId);
  const leaders = byLetter.size === 0 ? [] : await tx.alerts.find([...byLetter.keys()]);
  for (const [letter, endings] of byLetter) {
    const [first, ...more] = endings.toSorted((a, b) => a.alert.about.version - b.alert.about.version);
    if (first) await takeBack(tx, { letter, leader: leaders.find((each) => idOf(each) === letter) }, [first, ...more]);
  }
  return new Set(byLetter.keys());
}

type Told = { readonly letter: string; readonly leader: Alert | undefined };

async function takeBack(tx: NotificationTx, { letter, leader }: Told, endings: readonly [Ending, ...Ending[]]): Promise<void> {
  const standing = Math.max(0, (leader && 'standing' in leader ? (leader.standing ?? 1) : 1) - endings.length);
  if (leader) forgetMeals(tx, leader, { standing, gone: new Set(endings.map(({ ended }) => ended.about.meal)) });
  const letters = await tx.deliveries.ofEvents([letter]);
  if (standing === 0) for (const delivery of letters) stop(tx, delivery);
  const goesOut = letters.filter((delivery) => mayHaveArrived(delivery) || (standing > 0 && delivery.status === 'PENDING'));

  const [first, ...more] = endings;
  const last = endings.at(-1) ?? first;
  const fact = gather([first.alert.fact, ...more.map(({ alert }) => alert.fact)]);
  const deliveries = await retract(tx, goesOut, { origin: last.alert.origin, fact });
  const toldWith = last.alert.origin.eventId;
  for (const { alert } of endings) {
    const composed = alert === last.alert ? { deliveries } : { deliveries: 0, toldWith };
    tx.alerts.settle(alert, settled('COMPOSED', { ...alert, ...composed, now: tx.now }));
  }
}

/** Whoever turns up late as a guardian is told only what still stands. */
function forgetMeals(tx: NotificationTx, leader: Alert, { standing, gone }: { standing: number; gone: ReadonlySet<string> }): void {
  if (leader.status === 'WAITING') throw new Error(`Alert ${leader.origin.eventId} was not told, so nothing of it can be taken back`);
  if (leader.status !== 'TOLD') {
    tx.alerts.settle(leader, { ...leader, standing } satisfies SettledAlert);
    return;
  }
  const { origin, fact } = leader;
  const rest = isMealFact(fact) ? without(fact, (meal) => gone.has(mealKey(origin.studentId, meal))) : undefined;
  if (rest) tx.alerts.tell(leader, { ...leader, fact: rest, standing } satisfies ToldAlert);
  else tx.alerts.settle(leader, settled('COMPOSED', { ...leader, standing, now: tx.now }));
}

function idOf(alert: Alert): string {
  return 'origin' in alert ? alert.origin.eventId : alert.eventId;
}
