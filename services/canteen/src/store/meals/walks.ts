import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Meal } from '../../domain/meals/meal.ts';
import type { Walk } from '../../domain/meals/walk.ts';

interface WalkDoc extends Stored {
  why: Walk['why'];
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

export const walks = defineCollection<WalkDoc>('walks', schema);

export function walkStore(session: Session) {
  const collection = session.collection(walks);
  return {
    async find(id: string): Promise<Walk | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toWalk(found);
    },
    /** Walks that go on now, of every school in a read across schools. */
    async due(now: Date, limit: number): Promise<{ schoolId: string; walkId: string }[]> {
      const found = await collection.find({ dueAt: { $lte: now } }, { sort: { dueAt: 1, _id: 1 }, limit, projection: { schoolId: 1 } });
      return found.map(({ _id, schoolId }) => ({ schoolId, walkId: _id }));
    },
    insert(walk: Walk): void {
      collection.insert(toDoc(walk));
    },
    /** Another worker that has moved it meanwhile makes this transaction run again. */
    save(before: Walk, after: Walk): void {
      collection.replace(toDoc(after), { cursor: before.cursor, pass: before.pass });
    },
    putOff(id: string, until: Date): void {
      collection.update({ _id: id, dueAt: { $exists: true } }, { $set: { dueAt: until } }, { optional: true });
    },
  };
}

function toDoc({ id, meal, lastDay, dueAt, done, ...walk }: Walk): Omit<WalkDoc, 'schoolId'> {
  return { _id: id, ...walk, ...(meal !== undefined && { meal }), ...(lastDay !== undefined && { lastDay }), ...(!done && { dueAt }) };
}

function toWalk({ _id, why, meal, firstDay, lastDay, startedAt, cursor, pass, dueAt }: WalkDoc): Walk {
  const span = { firstDay: firstDay as SchoolDate, lastDay: lastDay as SchoolDate | undefined };
  return { id: _id, why, meal, ...span, startedAt, cursor, pass: pass === 1 ? 1 : 2, dueAt: dueAt ?? startedAt, done: dueAt === undefined };
}
