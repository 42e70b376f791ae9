import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Session as DaySession } from '../domain/half-day.ts';
import type { ActSource, Mark, MarkKind, Submission } from '../domain/mark.ts';
import type { RollCall } from '../domain/roll-call.ts';

interface SubmissionDoc {
  id: string;
  source: ActSource;
  takenAt: Date;
  submittedAt: Date;
  by: string;
  reason?: string;
  /** Without `reportedAt` the school was told when they were taken. */
  marks: { studentId: string; kind: MarkKind; reportedAt?: Date }[];
}

export interface RollCallDoc extends Stored {
  classId: string;
  className: string;
  date: string;
  session: DaySession;
  submissions: SubmissionDoc[];
  version: number;
}

const text = { type: String, required: true };
const time = { type: Date, required: true };
const mark = new mongoose.Schema({ studentId: text, kind: text, reportedAt: Date }, { _id: false });
const submission = new mongoose.Schema(
  { id: text, source: text, takenAt: time, submittedAt: time, by: text, reason: String, marks: { type: [mark], required: true } },
  { _id: false },
);
const schema = new mongoose.Schema({
  classId: text,
  className: text,
  date: text,
  session: text,
  submissions: { type: [submission], required: true },
  version: { type: Number, required: true },
});
// An id that was used for another class or half-day is found by this.
schema.index({ schoolId: 1, 'submissions.id': 1 }, { unique: true, partialFilterExpression: { 'submissions.id': { $exists: true } } });

export const rollCalls = defineCollection<RollCallDoc>('roll_calls', schema);

/** One document per class and half-day, with everything that was said of it. */
export function rollCallStore(session: Session) {
  const collection = session.collection(rollCalls);
  return {
    /** Those of these ids that are stored, and every one in which one of these submissions stands. */
    async findAll(ids: readonly string[], submissionIds: readonly string[] = []): Promise<RollCall[]> {
      const some = { _id: { $in: [...ids] } };
      if (submissionIds.length === 0) return ids.length === 0 ? [] : (await collection.find(some)).map(toRollCall);
      // The school stands inside the branch too: without it the planner sees no index for it and reads the whole collection.
      const standing = { schoolId: session.schoolId, 'submissions.id': { $in: [...submissionIds] } };
      return (await collection.find({ $or: [some, standing] })).map(toRollCall);
    },
    /** Writes what came in since `before` was read; whoever wrote in between makes this transaction run again. */
    save(before: RollCall, after: RollCall): void {
      const added = after.submissions.slice(before.submissions.length).map(toSubmissionDoc);
      if (before.version > 0) {
        const push = added.length > 0 ? { $push: { submissions: { $each: added } } } : {};
        collection.update({ _id: after.id, version: before.version }, { ...push, $set: { version: after.version } });
        return;
      }
      const { id, classId, className, date, session: half, version } = after;
      collection.insert({ _id: id, classId, className, date, session: half, submissions: added, version });
    },
  };
}

function toSubmissionDoc({ reason, marks, ...act }: Submission): SubmissionDoc {
  const doc = { ...act, marks: marks.map(({ reportedAt, ...mark }) => (reportedAt ? { ...mark, reportedAt } : mark)) };
  return reason === undefined ? doc : { ...doc, reason };
}

function toMark({ studentId, kind, reportedAt }: SubmissionDoc['marks'][number]): Mark {
  return { studentId, kind, reportedAt };
}

export function toRollCall({ _id, classId, className, date, session, submissions, version }: RollCallDoc): RollCall {
  const acts = submissions.map(({ reason, marks, ...act }) => ({ ...act, reason, marks: marks.map(toMark) }));
  return { id: _id, classId, className, date: date as SchoolDate, session, submissions: acts, version };
}
