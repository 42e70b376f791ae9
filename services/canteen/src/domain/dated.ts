import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import type { Meal, MealOfDay } from './meals/meal.ts';

/** Something that holds for a meal from a day on, with where it is laid down. */
export type Dated = {
  readonly id: string;
  readonly meal: Meal;
  readonly effectiveFrom: SchoolDate;
  /** Last day; undefined while no end is known. */
  readonly effectiveUntil: SchoolDate | undefined;
  readonly citation: string;
};

/** `order` rises with each that is laid down for a meal. */
export type LaidDown<T extends Dated> = T & { readonly order: number };

export type DatedRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'ENDS_TOO_EARLY'; readonly effectiveFrom: SchoolDate };

/**
 * Of those that cover the day the one that begins last, of those that begin on the same day the one that was laid down last: so a
 * correction of November does not undo the price of January, whenever it comes.
 */
export function inForce<T extends Dated>(laidDown: readonly LaidDown<T>[], { date, meal }: MealOfDay): LaidDown<T> | undefined {
  let holding: LaidDown<T> | undefined;
  for (const one of laidDown) {
    if (one.meal !== meal || one.effectiveFrom > date || (one.effectiveUntil !== undefined && one.effectiveUntil < date)) continue;
    if (!holding || isNewer(one, holding)) holding = one;
  }
  return holding;
}

function isNewer(one: LaidDown<Dated>, other: LaidDown<Dated>): boolean {
  if (one.effectiveFrom !== other.effectiveFrom) return one.effectiveFrom > other.effectiveFrom;
  return one.order > other.order;
}

/** `contentOf` tells what makes two of them the same; `others` are those of the same meal. */
export function layDown<T extends Dated>(
  wanted: T,
  earlier: LaidDown<T> | undefined,
  { others, contentOf }: { readonly others: readonly LaidDown<T>[]; readonly contentOf: (one: T) => readonly unknown[] },
): Result<LaidDown<T>, DatedRefused> {
  if (earlier) return sameText(contentOf(earlier), contentOf(wanted)) ? ok(earlier) : err({ code: 'ID_REUSED', id: wanted.id });
  const { effectiveFrom, effectiveUntil } = wanted;
  if (effectiveUntil !== undefined && effectiveUntil < effectiveFrom) return err({ code: 'ENDS_TOO_EARLY', effectiveFrom });
  return ok({ ...wanted, order: Math.max(0, ...others.map(({ order }) => order)) + 1 });
}

function sameText(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.map(String).join('\n') === b.map(String).join('\n');
}
