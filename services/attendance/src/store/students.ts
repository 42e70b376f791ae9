import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { SchoolClass } from '../domain/overview.ts';
import type { KnownPupil, Pupil } from '../domain/pupil.ts';
import { type Followed, keepNewest } from './keep-newest.ts';

export interface StudentDoc extends Followed {
  name: string;
  classId: string;
  className: string;
  grade: number;
  leftOn?: string;
  /** Every class the pupil was ever in. */
  classIds: string[];
}

const schema = new mongoose.Schema({
  name: { type: String, required: true },
  classId: { type: String, required: true },
  className: { type: String, required: true },
  grade: { type: Number, required: true },
  leftOn: String,
  classIds: { type: [String], required: true },
  version: { type: Number, required: true },
});
schema.index({ schoolId: 1, classIds: 1 });

export const students = defineCollection<StudentDoc>('students', schema);

/** Pupils as registry announced them. */
export function studentStore(session: Session) {
  const collection = session.collection(students);
  return {
    async find(id: string): Promise<KnownPupil | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toPupil(found);
    },
    async findAll(ids: readonly string[]): Promise<KnownPupil[]> {
      return (await collection.find({ _id: { $in: [...ids] } })).map(toPupil);
    },
    /** Who is in the class, or was. */
    async ofClass(classId: string): Promise<KnownPupil[]> {
      return (await collection.find({ classIds: classId })).map(toPupil);
    },
    async ofClasses(classIds: readonly string[]): Promise<KnownPupil[]> {
      return (await collection.find({ classIds: { $in: [...classIds] } })).map(toPupil);
    },
    /** Classes that had a pupil on that day. */
    async classesOn(date: SchoolDate): Promise<SchoolClass[]> {
      const atSchool = { $or: [{ leftOn: { $exists: false } }, { leftOn: { $gte: date } }] };
      const group = { _id: '$classId', className: { $max: '$className' }, grade: { $max: '$grade' } };
      const found = await collection.aggregate<{ _id: string; className: string; grade: number }>([
        { $match: atSchool },
        { $group: group },
      ]);
      return found.map(({ _id, ...facts }) => ({ classId: _id, ...facts }));
    },
    follow({ id, leftOn, ...facts }: Pupil, version: number): void {
      const document = { _id: id, schoolId: session.schoolId, ...facts, classIds: [facts.classId], version };
      keepNewest(students, collection, leftOn === undefined ? document : { ...document, leftOn }, 'classIds');
    },
  };
}

export function toPupil({ _id, name, classId, className, grade, leftOn, classIds }: StudentDoc): KnownPupil {
  return { id: _id, name, classId, className, grade, leftOn: leftOn as SchoolDate | undefined, classIds };
}
