import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Meal } from '../../domain/meals/meal.ts';
import type { Recalculation } from '../../domain/meals/recalculation.ts';

interface RecalculationDoc extends Stored {
  why: Recalculation['why'];
  meal?: Meal;
  firstDay: string;
  lastDay?: string;
  startedAt: Date;
  cursor: string;
  pass: number;
  /** Absent once it is done. */
  dueAt?: Date;
}

const text = { type: String, required: true };
const schema = new mongoose.Schema({
  why: text,
  meal: String,
  firstDay: text,
  lastDay: String,
  startedAt: { type: Date, required: true },
  cursor: { type: String },
  pass: { type: Number, required: true },
  dueAt: Date,
});
schema.index({ dueAt: 1, _id: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } });

export const recalculations = defineCollection<RecalculationDoc>('walks', schema);

export function recalculationStore(session: Session) {
  const collection = session.collection(recalculations);
  return {
    async find(id: string): Promise<Recalculation | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toRecalculation(found);
    },
    /** Recalculations that are due, of every school in a read across schools. */
    async due(now: Date, limit: number): Promise<{ schoolId: string; id: string }[]> {
      const found = await collection.find({ dueAt: { $lte: now } }, { sort: { dueAt: 1, _id: 1 }, limit, projection: { schoolId: 1 } });
      return found.map(({ _id, schoolId }) => ({ schoolId, id: _id }));
    },
    insert(recalculation: Recalculation): void {
      collection.insert(toDoc(recalculation));
    },
    /** If another worker has advanced it meanwhile, this transaction runs again. */
    save(before: Recalculation, after: Recalculation): void {
      collection.replace(toDoc(after), { cursor: before.cursor, pass: before.pass });
    },
    putOff(id: string, until: Date): void {
      collection.update({ _id: id, dueAt: { $exists: true } }, { $set: { dueAt: until } }, { optional: true });
    },
  };
}

function toDoc({ id, meal, lastDay, dueAt, done, ...same }: Recalculation): Omit<RecalculationDoc, 'schoolId'> {
  return { _id: id, ...same, ...(meal !== undefined && { meal }), ...(lastDay !== undefined && { lastDay }), ...(!done && { dueAt }) };
}

function toRecalculation({ _id, why, meal, firstDay, lastDay, startedAt, cursor, pass, dueAt }: RecalculationDoc): Recalculation {
  const span = { firstDay: firstDay as SchoolDate, lastDay: lastDay as SchoolDate | undefined };
  return { id: _id, why, meal, ...span, startedAt, cursor, pass: pass === 1 ? 1 : 2, dueAt: dueAt ?? startedAt, done: dueAt === undefined };
}
