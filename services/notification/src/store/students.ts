import { defineCollection, type Session } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Student } from '../domain/roster.ts';
import { type Followed, keepNewest } from './keep-newest.ts';

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
  return {
    find: async (ids) => (await collection.find({ _id: { $in: [...ids] } })).map(({ _id, className }) => ({ id: _id, className })),
    follow: ({ id, className }, version) =>
      keepNewest(studentDocuments, collection, { _id: id, schoolId: session.schoolId, className, version }),
  };
}
