import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { CalendarWalk } from '../domain/calendar-walk.ts';

interface WalkDoc extends Stored {
  before: string;
  startedAt: Date;
  classId: string;
  /** Absent once it is done. */
  dueAt?: Date;
}

const schema = new mongoose.Schema({
  before: { type: String, required: true },
  startedAt: { type: Date, required: true },
  classId: { type: String },
  dueAt: Date,
});
schema.index({ dueAt: 1, _id: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } });

export const walks = defineCollection<WalkDoc>('calendar_walks', schema);

/** One walk per calendar that opened or closed half-days of one before it. */
export function walkStore(session: Session) {
  const collection = session.collection(walks);
  return {
    async find(id: string): Promise<CalendarWalk | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toWalk(found);
    },
    /** Walks that go on now, of every school in a read across schools. */
    async due(now: Date, limit: number): Promise<{ schoolId: string; walkId: string }[]> {
      const found = await collection.find({ dueAt: { $lte: now } }, { sort: { dueAt: 1, _id: 1 }, limit, projection: { schoolId: 1 } });
      return found.map(({ _id, schoolId }) => ({ schoolId, walkId: _id }));
    },
    insert(walk: CalendarWalk): void {
      collection.insert(toDoc(walk));
    },
    /** Another worker that has moved it meanwhile makes this transaction run again. */
    save(before: CalendarWalk, after: CalendarWalk): void {
      collection.replace(toDoc(after), { classId: before.classId, dueAt: { $exists: true } });
    },
    putOff(id: string, until: Date): void {
      collection.update({ _id: id, dueAt: { $exists: true } }, { $set: { dueAt: until } }, { optional: true });
    },
  };
}

function toDoc({ id, dueAt, done, ...walk }: CalendarWalk): Omit<WalkDoc, 'schoolId'> {
  return { _id: id, ...walk, ...(!done && { dueAt }) };
}

function toWalk({ _id, before, startedAt, classId, dueAt }: WalkDoc): CalendarWalk {
  return { id: _id, before, startedAt, classId, dueAt: dueAt ?? startedAt, done: dueAt === undefined };
}
