import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import type { Named } from '../roster/pupil.ts';

export type DietKind = 'STANDARD' | 'VEGETARIAN' | 'NO_PORK' | 'SOFT' | 'OTHER';

/** The allergens that must be declared (Codex; EU 1169/2011, annex II). */
export const allergens = [
  ...(['GLUTEN', 'CRUSTACEANS', 'EGGS', 'FISH', 'PEANUTS', 'SOYBEANS', 'MILK'] as const),
  ...(['NUTS', 'CELERY', 'MUSTARD', 'SESAME', 'SULPHITES', 'LUPIN', 'MOLLUSCS'] as const),
];
export type Allergen = (typeof allergens)[number];

/** How a pupil eats. The note names what is no allergen of the list. */
export type Diet = { readonly kind: DietKind; readonly note: string; readonly avoided: readonly Allergen[] };

export const standardDiet: Diet = { kind: 'STANDARD', note: '', avoided: [] };

/** A diet that was set for a pupil. */
export type SetDiet = {
  readonly id: string;
  readonly studentId: string;
  readonly diet: Diet;
  readonly since: SchoolDate;
  /** Rises with each that is set for a pupil. */
  readonly order: number;
};

/** A diet to be set, with what of the one before may be dropped. */
export type DietWish = Omit<SetDiet, 'order'> & { readonly cleared: readonly Allergen[]; readonly noteCleared: boolean };

export type DietDrops = { readonly code: 'DIET_WOULD_DROP'; readonly allergens: number; readonly note: boolean } & Named;

/** How a pupil eats on a day: of the diets that have begun the one that begins last, of those of one day the one that was set last. */
export function dietOn(set: readonly SetDiet[], date: SchoolDate): Diet {
  const begun = set.filter(({ since }) => since <= date).toSorted((a, b) => (a.since === b.since ? a.order - b.order : byText(a, b)));
  return begun.at(-1)?.diet ?? standardDiet;
}

/**
 * What a wish sets: the diet itself, and each diet that begins later with what the wish adds, since an allergy that is found today does
 * not end when another diet begins. What the pupil had to avoid is dropped only where the wish says so.
 */
export function setDiet(
  wish: DietWish,
  { others, pupil, newId }: { readonly others: readonly SetDiet[]; readonly pupil: Named; readonly newId: () => string },
): Result<readonly [SetDiet, ...SetDiet[]], DietDrops> {
  const { cleared, noteCleared, ...wanted } = wish;
  const before = dietOn(others, wanted.since);
  const avoided = before.avoided.filter((each) => !wanted.diet.avoided.includes(each) && !cleared.includes(each));
  const note = !noteCleared && !wanted.diet.note.includes(before.note);
  if (avoided.length > 0 || note) return err({ code: 'DIET_WOULD_DROP', allergens: avoided.length, note, ...pupil });
  const order = Math.max(0, ...others.map((other) => other.order)) + 1;
  const later = laterDiets(others, wanted, before).map((each, at) => ({ ...each, id: newId(), order: order + 1 + at }));
  return ok([{ ...wanted, order }, ...later]);
}

function laterDiets(others: readonly SetDiet[], { since, studentId, diet }: Omit<SetDiet, 'order'>, before: Diet) {
  const added = diet.avoided.filter((each) => !before.avoided.includes(each));
  const days = new Set(others.map((other) => other.since).filter((day) => day > since));
  return [...days].sort().flatMap((day) => {
    const then = dietOn(others, day);
    const avoided = [...new Set([...then.avoided, ...added])].sort();
    // A note of its own stays: two texts can only be merged by a person.
    const note = then.note === '' || then.note === before.note ? diet.note || then.note : then.note;
    const carried = { ...then, avoided, note };
    return sameDiet(then, carried) ? [] : [{ studentId, since: day, diet: carried }];
  });
}

export function sameDiet(a: Diet, b: Diet): boolean {
  return a.kind === b.kind && a.note === b.note && a.avoided.toSorted().join() === b.avoided.toSorted().join();
}

/** Whether the kitchen must prepare this portion separately from the others of the diet. */
export function needsCare({ note, avoided }: Diet): boolean {
  return note !== '' || avoided.length > 0;
}

function byText(a: SetDiet, b: SetDiet): number {
  return a.since < b.since ? -1 : 1;
}
