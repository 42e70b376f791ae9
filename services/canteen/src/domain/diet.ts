import type { SchoolDate } from '@schoolbell/kernel';

export type DietKind = 'STANDARD' | 'VEGETARIAN' | 'NO_PORK' | 'SOFT' | 'OTHER';

/** The allergens that must be told of (Codex; EU 1169/2011, annex II). */
export const allergens = [
  ...(['GLUTEN', 'CRUSTACEANS', 'EGGS', 'FISH', 'PEANUTS', 'SOYBEANS', 'MILK'] as const),
  ...(['NUTS', 'CELERY', 'MUSTARD', 'SESAME', 'SULPHITES', 'LUPIN', 'MOLLUSCS'] as const),
];
export type Allergen = (typeof allergens)[number];

/** How a pupil eats. What is no allergen of the list stands in the note. */
export type Diet = { readonly kind: DietKind; readonly note: string; readonly avoided: readonly Allergen[] };

export const standardDiet: Diet = { kind: 'STANDARD', note: '', avoided: [] };

/** One laying down of a pupil's diet; of those that have begun, the one that was set last holds. */
export type SetDiet = {
  readonly id: string;
  readonly studentId: string;
  readonly diet: Diet;
  readonly since: SchoolDate;
  /** Rises with each that is set for a pupil. */
  readonly order: number;
};

/** How a pupil eats on a day. */
export function dietOn(set: readonly SetDiet[], date: SchoolDate): Diet {
  const begun = set.filter(({ since }) => since <= date).toSorted((a, b) => a.order - b.order);
  return begun.at(-1)?.diet ?? standardDiet;
}

export function sameDiet(a: Diet, b: Diet): boolean {
  return a.kind === b.kind && a.note === b.note && a.avoided.toSorted().join() === b.avoided.toSorted().join();
}

/** Whether the kitchen must take care of this portion by itself, beside the diet's pot. */
export function needsCare({ note, avoided }: Diet): boolean {
  return note !== '' || avoided.length > 0;
}
