import { schoolDateOf } from '@schoolbell/kernel';
import type { AbsenceAlert } from '../absences/absence-alert.ts';
import { type About, nextLook, type Origin, type WaitingAlert } from '../alerts/alert.ts';
import type { Fact, MealFact, Some } from '../alerts/fact.ts';
import { familyOf, isMealFact, isOpposite, mealKey } from './meals.ts';

/** A fact about one meal that no guardian has heard of yet. */
export type WaitingMeal = WaitingAlert & { readonly fact: MealFact; readonly about: About };

export function isWaitingMeal(alert: { readonly status: string; readonly fact: Fact; readonly about?: About }): alert is WaitingMeal {
  return alert.status === 'WAITING' && isMealFact(alert.fact) && alert.about !== undefined;
}

/** What is known of a fact about one meal. Of one meal and family the highest version holds: order and repetition do not matter. */
export type KnownMeal = {
  readonly eventId: string;
  readonly kind: MealFact['kind'];
  readonly about: About;
  readonly status: 'WAITING' | 'TOLD' | 'COMPOSED' | 'EXPIRED' | 'WITHDRAWN';
  /** The alert whose letters tell it, where that is another one. */
  readonly toldWith?: string;
};

/** As an event says it; `version` is the event's. */
export type HeardMeal = { readonly origin: Origin; readonly fact: MealFact; readonly version: number };

// All meals of one act come within it, each by its own event.
const gatherMs = 2_000;

/** Nothing of a meal is told before the rest of its act can have come, and before it is known what became of an absence that cut it. */
export function waitingMeal({ origin, fact, version }: HeardMeal, now: Date): WaitingMeal {
  const about = { meal: mealKey(origin.studentId, fact.meals[0]), version };
  return { status: 'WAITING', origin, fact, about, heardAt: now, lookAgainAt: new Date(now.getTime() + gatherMs) };
}

/**
 * What guardians believe of the meal, when this fact is news to them: `ends` is what they were told and holds no more. undefined where
 * there is nothing to tell: something newer is known, what it takes back was never told, or it says what they believe already.
 */
export function newsOfMeal({ origin, fact, about }: WaitingMeal, known: readonly KnownMeal[]): { readonly ends?: KnownMeal } | undefined {
  const { version } = about;
  const others = known.filter((each) => each.eventId !== origin.eventId && familyOf(each.kind) === familyOf(fact.kind));
  if (others.some((each) => each.about.version > version)) return undefined;
  const believed = others
    .filter(({ status }) => status === 'TOLD' || status === 'COMPOSED')
    .toSorted((a, b) => a.about.version - b.about.version)
    .at(-1);
  if (believed) return believed.kind === fact.kind ? undefined : { ends: believed };
  if (!isOpposite(fact.kind)) return {};
  // A credit of which nothing is known was told before credits were kept by their meals.
  return fact.kind === 'MEAL_CREDIT_REVERSED' && others.length === 0 ? {} : undefined;
}

/** HELD: as long as an absence is. SOON: something may still come that changes it. */
export type Turn =
  | { readonly turn: 'NOW' | 'NEVER' }
  | { readonly turn: 'HELD'; readonly until: Date }
  | { readonly turn: 'SOON'; readonly until: Date };

// A mark that is not known yet comes by another topic.
const unknownMarkMs = 60_000;
// A corrected absence mostly gives the meal back, by way of two more services. Where it does not, the child is there and has no meal.
const correctedMs = 300_000;

/** When guardians may hear of a meal; `halves` is what is known of the pupil's day. Only a meal that an absence cut shares its fate. */
export function turnOf({ fact, heardAt }: WaitingMeal, halves: readonly AbsenceAlert[], now: Date): Turn {
  if (!isCutByAbsence(fact)) return { turn: 'NOW' };
  const away = halves.filter(({ mark }) => mark.kind === 'ABSENT_WITH_LEAVE' || mark.kind === 'ABSENT_WITHOUT_LEAVE');
  const held = away.flatMap((alert) => (isHeld(alert) ? [alert.releaseAt.getTime()] : []));
  if (held.length > 0) return { turn: 'HELD', until: heldUntil(Math.max(...held), now) };
  if (away.some((alert) => !isHeldBack(alert))) return { turn: 'NOW' };
  if (away.length > 0) return { turn: 'NEVER' };
  const since = Math.max(heardAt.getTime(), ...halves.map(({ mark }) => mark.submittedAt.getTime()));
  const patience = new Date(halves.length > 0 ? since + correctedMs : heardAt.getTime() + unknownMarkMs);
  return patience <= now ? { turn: 'NOW' } : { turn: 'SOON', until: earlier(nextLook(heardAt, now), patience) };
}

// Whoever lets an absence go has what it held looked at. What was put off in that very moment is found within a minute.
const [shortestHoldMs, longestHoldMs] = [500, 60_000];

function heldUntil(releaseAt: number, now: Date): Date {
  return new Date(Math.min(Math.max(releaseAt, now.getTime() + shortestHoldMs), now.getTime() + longestHoldMs));
}

export function isCutByAbsence(fact: MealFact): boolean {
  return !isOpposite(fact.kind) && fact.meals.some((meal) => 'reason' in meal && meal.reason === 'ABSENT');
}

// Sixty lines are a letter that somebody still reads.
const mostOfLetter = 60;

/** Facts of one pupil, kind and day are one letter; each in the order in which they became known to their service. */
export function lettersOf(alerts: readonly WaitingMeal[]): Some<WaitingMeal>[] {
  const inOrder = alerts.toSorted((a, b) => a.about.version - b.about.version);
  const groups = Map.groupBy(inOrder, ({ origin, fact }) => `${origin.studentId} ${fact.kind} ${schoolDateOf(origin.occurredAt)}`);
  return [...groups.values()].flatMap((group) => {
    const starts = Array.from({ length: Math.ceil(group.length / mostOfLetter) }, (_, nth) => nth * mostOfLetter);
    return starts.flatMap((start): Some<WaitingMeal>[] => {
      const [first, ...more] = group.slice(start, start + mostOfLetter);
      return first ? [[first, ...more]] : [];
    });
  });
}

// A guardian who asks for leave is not mistaken about it: there is nothing to wait for.
function isHeld(alert: AbsenceAlert): alert is Extract<AbsenceAlert, { status: 'HELD' }> {
  return alert.status === 'HELD' && alert.mark.source !== 'LEAVE';
}

function isHeldBack(alert: AbsenceAlert): boolean {
  return alert.status === 'SUPPRESSED' && alert.because === 'HELD_BACK';
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
