import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Followed, keepNewest, type Session } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Actor, ClassTeacher } from '../../domain/rights.ts';

interface ClassTeacherDocument extends Followed {
  classId: string;
  subject: string;
  from: string;
  until?: string;
}

const text = { type: String, required: true };
const schema = new mongoose.Schema({ classId: text, subject: text, from: text, until: String, version: { type: Number, required: true } });
schema.index({ schoolId: 1, subject: 1 });
export const classTeacherDocuments = defineCollection<ClassTeacherDocument>('class_teachers', schema);

export interface ClassTeachers {
  /** What gives the actor the right to act for classes; the office needs nothing. */
  of(actor: Actor): Promise<ClassTeacher[]>;
  follow(assignment: ClassTeacher, version: number): void;
}

export function openClassTeachers(session: Session): ClassTeachers {
  const collection = session.collection(classTeacherDocuments);
  return {
    of: async ({ subject, scope }) => (scope === 'SCHOOL' ? [] : (await collection.find({ subject })).map(fromDocument)),
    follow: (assignment, version) => {
      const { classId, subject, from } = assignment;
      const _id = JSON.stringify([session.schoolId, classId, from, subject]);
      keepNewest(classTeacherDocuments, collection, { _id, schoolId: session.schoolId, ...assignment, version });
    },
  };
}

function fromDocument({ classId, subject, from, until }: ClassTeacherDocument): ClassTeacher {
  const assignment = { classId, subject, from: from as SchoolDate };
  return until === undefined ? assignment : { ...assignment, until: until as SchoolDate };
}
