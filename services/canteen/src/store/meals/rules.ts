import { collection, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { Defined } from '../../domain/dated.ts';
import type { CutoffRule, HalfDayRule } from '../../domain/meals/cutoff.ts';
import type { Meal } from '../../domain/meals/meal.ts';

const { day, id, instant, maybe, number, text, textOf } = stored;

const rule = {
  ...{ id, meal: textOf<Meal>(), daysBefore: number, time: text, halfDayRule: textOf<HalfDayRule>() },
  ...{ effectiveFrom: day, effectiveUntil: maybe(day), citation: text, order: number },
};

export const rules = collection('cutoff_rules', rule, {
  beside: { laidDownAt: instant, laidDownBy: text },
  // Two that are defined at once get different orders: the second finds this one taken and runs again.
  indexes: [unique({ schoolId: 1, meal: 1, order: 1 })],
});

/** Every cut-off rule that was ever defined. */
export function ruleStore(session: Session) {
  const rows = rowsOf(session, rules);
  return {
    find: (id: string): Promise<Defined<CutoffRule> | undefined> => rows.one({ _id: id }),
    ofMeals: (meals: readonly Meal[]): Promise<Defined<CutoffRule>[]> =>
      rows.all({ meal: { $in: [...meals] } }, { sort: { meal: 1, order: 1 } }),
    insert: (laidDown: Defined<CutoffRule>, { at, by }: { readonly at: Date; readonly by: string }) =>
      rows.insert(laidDown, { laidDownAt: at, laidDownBy: by }),
  };
}
