import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import type { Meal, MealOfDay } from './meals/meal.ts';

/** Something that holds for a meal from a day on, with its source. */
export type Dated = {
  readonly id: string;
  readonly meal: Meal;
  readonly effectiveFrom: SchoolDate;
  /** Last day; undefined while no end is known. */
  readonly effectiveUntil: SchoolDate | undefined;
  readonly citation: string;
};

/** `order` rises with each that is defined for a meal. */
export type Defined<T extends Dated> = T & { readonly order: number };

export type DatedRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'ENDS_TOO_EARLY'; readonly effectiveFrom: SchoolDate };

/**
 * Of those that cover the day the one that begins last, of those that begin on the same day the one that was defined last: so a
 * correction of November does not undo the price of January, whenever it comes.
 */
export function inForce<T extends Dated>(defined: readonly Defined<T>[], { date, meal }: MealOfDay): Defined<T> | undefined {
  let holding: Defined<T> | undefined;
  for (const one of defined) {
    if (one.meal !== meal || one.effectiveFrom > date || (one.effectiveUntil !== undefined && one.effectiveUntil < date)) continue;
    if (!holding || isNewer(one, holding)) holding = one;
  }
  return holding;
}

function isNewer(one: Defined<Dated>, other: Defined<Dated>): boolean {
  if (one.effectiveFrom !== other.effectiveFrom) return one.effectiveFrom > other.effectiveFrom;
  return one.order > other.order;
}

/** `contentOf` tells what makes two of them the same; `others` are those of the same meal. */
export function define<T extends Dated>(
  wanted: T,
  earlier: Defined<T> | undefined,
  { others, contentOf }: { readonly others: readonly Defined<T>[]; readonly contentOf: (one: T) => readonly unknown[] },
): Result<Defined<T>, DatedRefused> {
  if (earlier) return sameText(contentOf(earlier), contentOf(wanted)) ? ok(earlier) : err({ code: 'ID_REUSED', id: wanted.id });
  const { effectiveFrom, effectiveUntil } = wanted;
  if (effectiveUntil !== undefined && effectiveUntil < effectiveFrom) return err({ code: 'ENDS_TOO_EARLY', effectiveFrom });
  return ok({ ...wanted, order: Math.max(0, ...others.map(({ order }) => order)) + 1 });
}

function sameText(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.map(String).join('\n') === b.map(String).join('\n');
}
