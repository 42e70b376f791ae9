import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Followed, keepNewest, type Session } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { SchoolClass } from '../domain/overview.ts';
import type { KnownPupil, Membership, Pupil } from '../domain/pupil.ts';

export interface StudentDoc extends Followed {
  name: string;
  classId: string;
  className: string;
  grade: number;
  leftOn?: string;
  /** Every class the pupil was ever in. */
  classIds: string[];
  /** What each event said of the class; absent of what was heard before moves were dated. */
  memberships?: MembershipDoc[];
}

interface MembershipDoc {
  classId: string;
  since: string;
  version: number;
}

const membership = new mongoose.Schema(
  { classId: { type: String, required: true }, since: { type: String, required: true }, version: { type: Number, required: true } },
  { _id: false },
);
const schema = new mongoose.Schema({
  name: { type: String, required: true },
  classId: { type: String, required: true },
  className: { type: String, required: true },
  grade: { type: Number, required: true },
  leftOn: String,
  classIds: { type: [String], required: true },
  memberships: { type: [membership], default: undefined },
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
    /** The first class by id after this one that has a pupil now. */
    async classAfter(classId: string): Promise<string | undefined> {
      const [found] = await collection.find({ classId: { $gt: classId } }, { sort: { classId: 1 }, limit: 1 });
      return found?.classId;
    },
    /** `since` is the day on which registry said so. */
    follow({ id, leftOn, ...facts }: Pupil, { version, since }: Pick<Membership, 'version' | 'since'>): void {
      const { classId } = facts;
      const gathered = { classIds: [classId], memberships: [{ classId, since, version }] };
      const document = { _id: id, schoolId: session.schoolId, ...facts, ...gathered, version };
      keepNewest(students, collection, leftOn === undefined ? document : { ...document, leftOn }, ['classIds', 'memberships']);
    },
  };
}

export function toPupil({ _id, leftOn, memberships = [], ...doc }: StudentDoc): KnownPupil {
  const { name, classId, className, grade, classIds } = doc;
  const dated = memberships.map(({ since, ...of }) => ({ ...of, since: since as SchoolDate }));
  return { id: _id, name, classId, className, grade, leftOn: leftOn as SchoolDate | undefined, classIds, memberships: dated };
}
