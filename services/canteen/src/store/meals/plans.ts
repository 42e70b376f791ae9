import { collection, index, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { Meal } from '../../domain/meals/meal.ts';
import type { MealPlan, PlanWaits } from '../../domain/meals/plan.ts';

const { as, day, flag, flat, id, instant, list, maybe, number, part, text, textOf } = stored;

const plan = {
  ...{ id, wishId: text, studentId: text, week: list(part({ weekday: number, meals: list(textOf<Meal>()) })) },
  ...{ firstDay: day, lastDay: maybe(day), definedBy: flat({ subject: as('definedBy', text), asParent: flag }) },
  // Without `dueAt` it is laid out to its last day.
  ...{ laidUntil: maybe(day), waitsFor: maybe(textOf<PlanWaits>()), dueAt: maybe(instant) },
};

export const plans = collection('meal_plans', plan, {
  beside: { definedAt: instant },
  indexes: [
    index({ schoolId: 1, studentId: 1, _id: 1 }),
    index({ schoolId: 1, wishId: 1 }),
    index({ dueAt: 1, _id: 1 }, { dueAt: { $exists: true } }),
  ],
});

export function planStore(session: Session) {
  const rows = rowsOf(session, plans);
  return {
    find: (id: string): Promise<MealPlan | undefined> => rows.one({ _id: id }),
    findAll: (ids: readonly string[]): Promise<MealPlan[]> => rows.all({ _id: { $in: [...ids] } }, { sort: { _id: 1 } }),
    ofWish: (wishId: string): Promise<MealPlan[]> => rows.all({ wishId }, { sort: { studentId: 1 } }),
    ofPupils: (studentIds: readonly string[]): Promise<MealPlan[]> =>
      rows.all({ studentId: { $in: [...studentIds] } }, { sort: { studentId: 1, _id: 1 } }),
    /** Plans that are due, of every school in a read across schools. */
    async due(now: Date, limit: number): Promise<{ schoolId: string; id: string }[]> {
      const options = { sort: { dueAt: 1, _id: 1 }, limit, projection: { schoolId: 1 } } as const;
      return (await rows.documents.find({ dueAt: { $lte: now } }, options)).map(({ _id, schoolId }) => ({ schoolId, id: _id }));
    },
    insert: (plan: MealPlan, definedAt: Date) => rows.insert(plan, { definedAt }),
    save({ id, laidUntil, waitsFor, dueAt, lastDay }: MealPlan): void {
      const values = Object.entries({ laidUntil, waitsFor, dueAt, lastDay });
      const set = values.filter(([, value]) => value !== undefined);
      const unset = values.filter(([, value]) => value === undefined).map(([name]) => [name, 1 as const]);
      const gone = unset.length > 0 ? { $unset: Object.fromEntries(unset) } : {};
      rows.documents.update({ _id: id }, { ...(set.length > 0 && { $set: Object.fromEntries(set) }), ...gone });
    },
    /** Prices, rules or the calendar changed: plans that wait for them, or were laid out by them, are due. */
    lookAgain(now: Date, which: { readonly studentId?: string; readonly fromTheBeginning: boolean }): void {
      const { studentId, fromTheBeginning } = which;
      const filter = { ...(studentId !== undefined && { studentId }), ...(!fromTheBeginning && { waitsFor: { $exists: true } }) };
      rows.documents.updateMany(filter, { $set: { dueAt: now }, ...(fromTheBeginning && { $unset: { laidUntil: 1 as const } }) });
    },
    putOff: (id: string, until: Date) =>
      rows.documents.update({ _id: id, dueAt: { $exists: true } }, { $set: { dueAt: until } }, { optional: true }),
  };
}
