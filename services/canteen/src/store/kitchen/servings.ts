import type { SchoolDate } from '@schoolbell/kernel';
import { collection, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { Serving } from '../../domain/kitchen/serving.ts';
import type { Allergen } from '../../domain/meals/diet.ts';
import type { Meal, MealOfDay } from '../../domain/meals/meal.ts';

const { day, id, instant, list, maybe, number, or, part, statesBy, text, textOf } = stored;

const ingredient = part({ name: text, allergens: list(textOf<Allergen>()) });
/** A dish of unknown content has no ingredients. */
const dishes = list(part({ id: text, name: text, ingredients: or(list(ingredient), []) }));
const release = maybe(part({ document: text, releasedAt: instant, releasedBy: text }));
const serving = {
  ...{ id, date: day, meal: textOf<Meal>(), dishes, portions: number, plannedAt: instant, plannedBy: text },
  holds: list(part({ id: text, reason: text, heldAt: instant, heldBy: text, release })),
  changes: list(part({ id: text, added: dishes, takenOff: dishes, reason: text, changedAt: instant, changedBy: text })),
  status: statesBy('openedAt', { PREPARING: {}, OPEN: { openedAt: instant, openedBy: text } }),
  version: number,
};

export const servings = collection('servings', serving, { indexes: [unique({ schoolId: 1, date: 1, meal: 1 })] });

/** Meals as the kitchen serves them. */
export function servingStore(session: Session) {
  const rows = rowsOf(session, servings);
  return {
    find: (id: string): Promise<Serving | undefined> => rows.one({ _id: id }),
    ofMeal: ({ date, meal }: MealOfDay): Promise<Serving | undefined> => rows.one({ date, meal }),
    findAll: async (ids: readonly string[]): Promise<Serving[]> => (ids.length === 0 ? [] : rows.all({ _id: { $in: [...ids] } })),
    /** By day, and within a day in the order of eating. */
    async between({ from, until, meal }: { from: SchoolDate; until: SchoolDate; meal: Meal | undefined }): Promise<Serving[]> {
      const found = await rows.all({ date: { $gte: from, $lte: until }, ...(meal && { meal }) });
      return found.sort((a, b) => (a.date === b.date ? order.indexOf(a.meal) - order.indexOf(b.meal) : a.date < b.date ? -1 : 1));
    },
    insert: (planned: Serving) => rows.insert(planned),
    /** If somebody wrote in between, this transaction runs again. */
    save(before: Serving, after: Serving): void {
      if (before.version !== after.version) rows.replace(after, { version: before.version });
    },
    /** Marks that a record was added: of two records of the same instant one runs again and sees the other. */
    touch: ({ id, version }: Serving) => rows.documents.update({ _id: id, version }, { $inc: { version: 1 } }),
  };
}

const order: readonly Meal[] = ['BREAKFAST', 'LUNCH', 'SNACK'];
