import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Defined } from '../../domain/dated.ts';
import type { CutoffRule, HalfDayRule } from '../../domain/meals/cutoff.ts';
import type { Meal } from '../../domain/meals/meal.ts';

export interface RuleDoc extends Stored {
  meal: Meal;
  daysBefore: number;
  time: string;
  halfDayRule: HalfDayRule;
  effectiveFrom: string;
  effectiveUntil?: string;
  citation: string;
  order: number;
  laidDownAt: Date;
  laidDownBy: string;
}

const text = { type: String, required: true };
const schema = new mongoose.Schema({
  meal: text,
  daysBefore: { type: Number, required: true },
  time: text,
  halfDayRule: text,
  effectiveFrom: text,
  effectiveUntil: String,
  citation: text,
  order: { type: Number, required: true },
  laidDownAt: { type: Date, required: true },
  laidDownBy: text,
});
// Two that are defined at once get different orders: the second finds this one taken and runs again.
schema.index({ schoolId: 1, meal: 1, order: 1 }, { unique: true });

export const rules = defineCollection<RuleDoc>('cutoff_rules', schema);

/** Every cut-off rule that was ever defined. */
export function ruleStore(session: Session) {
  const collection = session.collection(rules);
  return {
    async find(id: string): Promise<Defined<CutoffRule> | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toRule(found);
    },
    async ofMeals(meals: readonly Meal[]): Promise<Defined<CutoffRule>[]> {
      return (await collection.find({ meal: { $in: [...meals] } }, { sort: { meal: 1, order: 1 } })).map(toRule);
    },
    insert({ id, effectiveUntil, ...rule }: Defined<CutoffRule>, { at, by }: { readonly at: Date; readonly by: string }): void {
      const until = effectiveUntil === undefined ? {} : { effectiveUntil };
      collection.insert({ _id: id, ...rule, ...until, laidDownAt: at, laidDownBy: by });
    },
  };
}

export function toRule({
  _id,
  effectiveFrom,
  effectiveUntil,
  meal,
  daysBefore,
  time,
  halfDayRule,
  citation,
  order,
}: RuleDoc): Defined<CutoffRule> {
  const span = { effectiveFrom: effectiveFrom as SchoolDate, effectiveUntil: effectiveUntil as SchoolDate | undefined };
  return { id: _id, meal, daysBefore, time, halfDayRule, ...span, citation, order };
}
