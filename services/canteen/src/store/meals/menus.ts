import type { SchoolDate } from '@schoolbell/kernel';
import { collection, type Page, type PageRequest, rowsOf, type Session, stored, toPage, unique } from '@schoolbell/service-kit';
import type { Allergen } from '../../domain/meals/diet.ts';
import { type Meal, type MealOfDay, mealKey } from '../../domain/meals/meal.ts';
import type { Menu } from '../../domain/meals/menu.ts';

const { day, flag, id, instant, list, number, part, text, textOf } = stored;

const ingredient = part({ name: text, allergens: list(textOf<Allergen>()) });
const dish = part({ name: text, ingredients: list(ingredient) });
const menu = { id, date: day, meal: textOf<Meal>(), dishes: list(dish), version: number, publishedAt: instant };

export const menus = collection('menus', menu, {
  // `current` is false once a newer version was published.
  beside: { current: flag, publishedBy: text },
  indexes: [unique({ schoolId: 1, date: 1, meal: 1, version: 1 })],
});

/** Menus, every version of them. */
export function menuStore(session: Session) {
  const rows = rowsOf(session, menus);
  return {
    find: (id: string): Promise<Menu | undefined> => rows.one({ _id: id }),
    newest: ({ date, meal }: MealOfDay): Promise<Menu | undefined> => rows.one({ date, meal, current: true }),
    /** The newest of each, by day and meal; `after` is the key of the last one of the page before. */
    async list(firstDay: SchoolDate, lastDay: SchoolDate, { after, size }: PageRequest): Promise<Page<Menu>> {
      const [date = '', meal = ''] = after.split(':');
      const further = after === '' ? {} : { $or: [{ date: { $gt: date } }, { date, meal: { $gt: meal as Meal } }] };
      const filter = { date: { $gte: firstDay, $lte: lastDay }, current: true, ...further };
      return toPage(await rows.all(filter, { sort: { date: 1, meal: 1 }, limit: size + 1 }), size, mealKey);
    },
    /** The version before, if there is one, counts no more. */
    publish(published: Menu, by: string): void {
      const { date, meal } = published;
      rows.documents.updateMany({ date, meal, current: true }, { $set: { current: false } });
      rows.insert(published, { current: true, publishedBy: by });
    },
  };
}
