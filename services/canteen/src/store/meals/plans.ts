import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Meal } from '../../domain/meals/meal.ts';
import type { MealPlan, PlanWaits } from '../../domain/meals/plan.ts';

interface PlanDoc extends Stored {
  wishId: string;
  studentId: string;
  week: { weekday: number; meals: Meal[] }[];
  firstDay: string;
  lastDay?: string;
  definedAt: Date;
  definedBy: string;
  asParent: boolean;
  laidUntil?: string;
  waitsFor?: PlanWaits;
  /** Absent once it is laid out to its last day. */
  dueAt?: Date;
}

const text = { type: String, required: true };
const weekday = new mongoose.Schema(
  { weekday: { type: Number, required: true }, meals: { type: [String], required: true } },
  { _id: false },
);
const schema = new mongoose.Schema({
  wishId: text,
  studentId: text,
  week: { type: [weekday], required: true },
  firstDay: text,
  lastDay: String,
  definedAt: { type: Date, required: true },
  definedBy: text,
  asParent: { type: Boolean, required: true },
  laidUntil: String,
  waitsFor: String,
  dueAt: Date,
});
schema.index({ schoolId: 1, studentId: 1, _id: 1 });
schema.index({ schoolId: 1, wishId: 1 });
schema.index({ dueAt: 1, _id: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } });

export const plans = defineCollection<PlanDoc>('meal_plans', schema);

export function planStore(session: Session) {
  const collection = session.collection(plans);
  return {
    async find(id: string): Promise<MealPlan | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toPlan(found);
    },
    async findAll(ids: readonly string[]): Promise<MealPlan[]> {
      return (await collection.find({ _id: { $in: [...ids] } }, { sort: { _id: 1 } })).map(toPlan);
    },
    async ofWish(wishId: string): Promise<MealPlan[]> {
      return (await collection.find({ wishId }, { sort: { studentId: 1 } })).map(toPlan);
    },
    async ofPupils(studentIds: readonly string[]): Promise<MealPlan[]> {
      return (await collection.find({ studentId: { $in: [...studentIds] } }, { sort: { studentId: 1, _id: 1 } })).map(toPlan);
    },
    /** Plans that are due, of every school in a read across schools. */
    async due(now: Date, limit: number): Promise<{ schoolId: string; id: string }[]> {
      const found = await collection.find({ dueAt: { $lte: now } }, { sort: { dueAt: 1, _id: 1 }, limit, projection: { schoolId: 1 } });
      return found.map(({ _id, schoolId }) => ({ schoolId, id: _id }));
    },
    insert(plan: MealPlan, definedAt: Date): void {
      collection.insert({ ...toDoc(plan), definedAt });
    },
    save(plan: MealPlan): void {
      const { laidUntil, waitsFor, dueAt, lastDay } = toDoc(plan);
      const values = { laidUntil, waitsFor, dueAt, lastDay };
      const [set, unset] = [
        Object.entries(values).filter(([, value]) => value !== undefined),
        Object.entries(values).filter(([, value]) => value === undefined),
      ];
      const gone = unset.length > 0 ? { $unset: Object.fromEntries(unset.map(([name]) => [name, 1 as const])) } : {};
      collection.update({ _id: plan.id }, { ...(set.length > 0 && { $set: Object.fromEntries(set) }), ...gone });
    },
    /** Prices, rules or the calendar changed: plans that wait for them, or were laid out by them, are due. */
    lookAgain(now: Date, which: { readonly studentId?: string; readonly fromTheBeginning: boolean }): void {
      const { studentId, fromTheBeginning } = which;
      const filter = { ...(studentId !== undefined && { studentId }), ...(!fromTheBeginning && { waitsFor: { $exists: true } }) };
      collection.updateMany(filter, { $set: { dueAt: now }, ...(fromTheBeginning && { $unset: { laidUntil: 1 as const } }) });
    },
    putOff(id: string, until: Date): void {
      collection.update({ _id: id, dueAt: { $exists: true } }, { $set: { dueAt: until } }, { optional: true });
    },
  };
}

function toDoc(plan: MealPlan): Omit<PlanDoc, 'schoolId' | 'definedAt'> {
  const { id, week, lastDay, definedBy, laidUntil, waitsFor, dueAt, wishId, studentId, firstDay } = plan;
  return {
    ...{ _id: id, wishId, studentId, firstDay, definedBy: definedBy.subject, asParent: definedBy.asParent },
    week: week.map(({ weekday: at, meals }) => ({ weekday: at, meals: [...meals] })),
    ...(lastDay !== undefined && { lastDay }),
    ...(laidUntil !== undefined && { laidUntil }),
    ...(waitsFor !== undefined && { waitsFor }),
    ...(dueAt && { dueAt }),
  };
}

function toPlan(doc: PlanDoc): MealPlan {
  const { _id, wishId, studentId, week, firstDay, lastDay, definedBy, asParent, laidUntil, waitsFor, dueAt } = doc;
  return {
    ...{ id: _id, wishId, studentId, week, waitsFor, dueAt, definedBy: { subject: definedBy, asParent } },
    ...{ firstDay: firstDay as SchoolDate, lastDay: lastDay as SchoolDate | undefined, laidUntil: laidUntil as SchoolDate | undefined },
  };
}
