import { expect, test } from 'vitest';
import { lateCutEnded, markedAt, mealCutLate, origin } from '../../../test/given.ts';
import { settled, told } from '../alerts/alert.ts';
import { afterEndings, type Ending, endingsByLetter, eventOf } from './late-cut.ts';
import { waitingMeal } from './meal-alert.ts';
import { gather } from './meals.ts';

const snack = { meal: 'SNACK' } as const;
const ending = (version: number, told: string, meal: Parameters<typeof lateCutEnded>[0] = {}, toldWith?: string): Ending => {
  const alert = waitingMeal({ origin: origin(`ended-${version}`), fact: lateCutEnded(meal), version }, markedAt);
  const ended = { eventId: told, kind: 'MEAL_CUT_LATE', status: 'COMPOSED', about: alert.about } as const;
  return { alert, ended: toldWith ? { ...ended, toldWith } : ended };
};
const waited = waitingMeal({ origin: origin('late-2'), fact: mealCutLate(snack), version: 2 }, markedAt);
const leader = told({ ...waited, fact: gather([mealCutLate(), mealCutLate(snack)]), standing: 2 }, 1, markedAt);

test('what one letter told ends together, in the order in which it ended', () => {
  const groups = endingsByLetter([ending(9, 'late-2', snack), ending(7, 'late-5'), ending(8, 'late-1', {}, 'late-2')]);
  const names = groups.map(({ letter, endings }) => [letter, ...endings.map(({ alert }) => alert.origin.eventId)]);
  expect(names).toEqual([
    ['late-5', 'ended-7'],
    ['late-2', 'ended-8', 'ended-9'],
  ]);
});

test('a letter still speaks of what has not ended, and of nothing once all has', () => {
  const { standing, after } = afterEndings(leader, [ending(3, 'late-1', {}, 'late-2')], markedAt);
  expect(standing).toBe(1);
  expect(after).toMatchObject({ status: 'TOLD', standing: 1, fact: { meals: [{ meal: 'SNACK' }] } });
  const all = afterEndings(leader, [ending(3, 'late-1', {}, 'late-2'), ending(4, 'late-2', snack)], markedAt);
  expect(all).toMatchObject({ standing: 0, after: { status: 'COMPOSED', standing: 0, deliveries: 1 } });
});

test('long after it was told a letter is counted by what stands of it, and one that is not kept any more by nothing', () => {
  const long = settled('COMPOSED', { ...leader, now: markedAt });
  expect(afterEndings(long, [ending(3, 'late-2')], markedAt)).toMatchObject({ standing: 1, after: { status: 'COMPOSED', standing: 1 } });
  expect(afterEndings(undefined, [ending(3, 'late-2')], markedAt)).toEqual({ standing: 0 });
  expect([leader, long].map(eventOf)).toEqual(['late-2', 'late-2']);
});
