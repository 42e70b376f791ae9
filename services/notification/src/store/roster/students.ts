import { defineCollection, type Followed, keepNewest, onceRead, type Session } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Student } from '../../domain/roster/roster.ts';

interface StudentDocument extends Followed {
  className: string;
}

const schema = new mongoose.Schema({ className: { type: String, required: true }, version: { type: Number, required: true } });
export const studentDocuments = defineCollection<StudentDocument>('students', schema);

export interface Students {
  find(ids: readonly string[]): Promise<Student[]>;
  follow(student: Student, version: number): void;
}

export function openStudents(session: Session): Students {
  const collection = session.collection(studentDocuments);
  const reads = onceRead<Student>(async (ids) => {
    const found = await collection.find({ _id: { $in: [...ids] } });
    return found.map(({ _id, className }) => [_id, { id: _id, className }]);
  });
  return {
    find: reads.all,
    follow: ({ id, className }, version) => {
      reads.forget(id);
      keepNewest(studentDocuments, collection, { _id: id, schoolId: session.schoolId, className, version });
    },
  };
}
