import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Student } from '../../domain/invoices/invoice-run.ts';

interface StudentDoc extends Stored {
  name: string;
  classId: string;
  className: string;
  enrolled: boolean;
  leftOn?: string;
  /** Version of the pupil's last event; an older one that comes late changes nothing. */
  version: number;
}

const schema = new mongoose.Schema({
  name: { type: String, required: true },
  classId: { type: String, required: true },
  className: { type: String, required: true },
  enrolled: { type: Boolean, required: true },
  leftOn: String,
  version: { type: Number, required: true },
});
schema.index({ schoolId: 1, enrolled: 1, _id: 1 });

export const students = defineCollection<StudentDoc>('students', schema);

/** Pupils as registry announced them. */
export function studentStore(session: Session) {
  const collection = session.collection(students);
  const inClasses = (classIds: readonly string[]) => (classIds.length > 0 ? { classId: { $in: [...classIds] } } : {});
  return {
    async find(id: string): Promise<Student | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toStudent(found);
    },
    async findAll(ids: readonly string[]): Promise<Student[]> {
      return (await collection.find({ _id: { $in: [...ids] } })).map(toStudent);
    },
    /** Ids of the pupils after `after`, in their order; without `left` of the enrolled ones only. */
    async after(after: string, wanted: { classIds: readonly string[]; left: boolean; limit: number }): Promise<string[]> {
      const { classIds, left, limit } = wanted;
      const filter = { enrolled: left ? { $in: [true, false] } : true, _id: { $gt: after }, ...inClasses(classIds) };
      return (await collection.find(filter, { sort: { _id: 1 }, limit, projection: { _id: 1 } })).map(({ _id }) => _id);
    },
    /** Pupils after one id, up to and with another; also those who have left. */
    async between(after: string, upTo: string, classIds: readonly string[]): Promise<Student[]> {
      // Naming both values lets the index on them bound the search to the school.
      const filter = { enrolled: { $in: [true, false] }, _id: { $gt: after, $lte: upTo }, ...inClasses(classIds) };
      return (await collection.find(filter, { sort: { _id: 1 } })).map(toStudent);
    },
    countEnrolled(classIds: readonly string[]): Promise<number> {
      return collection.count({ enrolled: true, ...inClasses(classIds) });
    },
    /** One write without a read, so that a batch of events is one round trip. */
    follow({ id, name, classId, className, enrolled, leftOn }: Student, version: number): void {
      const known = { $gte: [{ $ifNull: ['$version', 0] }, version] };
      const left = leftOn === undefined ? {} : { leftOn };
      const fresh = { _id: id, schoolId: session.schoolId, name, classId, className, enrolled, ...left, version };
      collection.update({ _id: id }, [{ $replaceWith: { $cond: [known, '$$ROOT', { $literal: fresh }] } }], { upsert: true });
    },
  };
}

function toStudent({ _id, name, classId, className, enrolled, leftOn }: StudentDoc): Student {
  const left = leftOn === undefined ? {} : { leftOn: leftOn as SchoolDate };
  return { id: _id, name, classId, className, enrolled, ...left };
}
