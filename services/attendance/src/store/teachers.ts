import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { ClassTeacher } from '../domain/rights.ts';

interface TeacherDoc extends Stored {
  classId: string;
  subject: string;
  validFrom: string;
  /** Empty while it holds. */
  validUntil: string;
}

const schema = new mongoose.Schema({
  classId: { type: String, required: true },
  subject: { type: String, required: true },
  validFrom: { type: String, required: true },
  validUntil: String,
});
schema.index({ schoolId: 1, subject: 1, classId: 1, validFrom: 1 }, { unique: true });

export const teachers = defineCollection<TeacherDoc>('class_teachers', schema);

/** Which teacher answers for which class. */
export function teacherStore(session: Session) {
  const collection = session.collection(teachers);
  return {
    async ofSubject(subject: string): Promise<ClassTeacher[]> {
      return (await collection.find({ subject })).map(toTeacher);
    },
    async find({ classId, subject, validFrom }: ClassTeacher): Promise<ClassTeacher | undefined> {
      const found = await collection.findOne({ classId, subject, validFrom });
      return found && toTeacher(found);
    },
    /** One assignment per class, subject and first day; a repeat brings the new end. */
    keep({ classId, subject, validFrom, validUntil = '' as SchoolDate }: ClassTeacher, id: string): void {
      collection.update({ classId, subject, validFrom }, { $set: { validUntil }, $setOnInsert: { _id: id } }, { upsert: true });
    },
  };
}

function toTeacher({ classId, subject, validFrom, validUntil }: TeacherDoc): ClassTeacher {
  return { classId, subject, validFrom: validFrom as SchoolDate, validUntil: validUntil === '' ? undefined : (validUntil as SchoolDate) };
}
