import { collection, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { Defined } from '../../domain/dated.ts';
import type { Meal } from '../../domain/meals/meal.ts';
import type { MealPrice } from '../../domain/meals/price.ts';

const { day, dong, id, instant, maybe, number, text, textOf } = stored;

const price = { id, meal: textOf<Meal>(), amount: dong, effectiveFrom: day, effectiveUntil: maybe(day), citation: text, order: number };

export const prices = collection('meal_prices', price, {
  beside: { laidDownAt: instant, laidDownBy: text },
  // Two that are defined at once get different orders: the second finds this one taken and runs again.
  indexes: [unique({ schoolId: 1, meal: 1, order: 1 })],
});

/** Every price that was ever defined. */
export function priceStore(session: Session) {
  const rows = rowsOf(session, prices);
  return {
    find: (id: string): Promise<Defined<MealPrice> | undefined> => rows.one({ _id: id }),
    ofMeals: (meals: readonly Meal[]): Promise<Defined<MealPrice>[]> =>
      rows.all({ meal: { $in: [...meals] } }, { sort: { meal: 1, order: 1 } }),
    insert: (laidDown: Defined<MealPrice>, { at, by }: { readonly at: Date; readonly by: string }) =>
      rows.insert(laidDown, { laidDownAt: at, laidDownBy: by }),
  };
}
