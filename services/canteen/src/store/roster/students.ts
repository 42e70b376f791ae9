import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Followed, keepNewest, type Session } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { KnownPupil, Pupil } from '../../domain/roster/pupil.ts';

interface StudentDoc extends Followed {
  name: string;
  classId: string;
  className: string;
  leftOn?: string;
  /** What each event announced about the enrolment. */
  stays: { version: number; leftOn?: string; at: Date }[];
}

const stay = new mongoose.Schema(
  { version: { type: Number, required: true }, leftOn: String, at: { type: Date, required: true } },
  { _id: false },
);
const schema = new mongoose.Schema({
  name: { type: String, required: true },
  classId: { type: String, required: true },
  className: { type: String, required: true },
  leftOn: String,
  stays: { type: [stay], required: true },
  version: { type: Number, required: true },
});
schema.index({ schoolId: 1, classId: 1 });

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
    /** Who is in the class now, also who has left. */
    async ofClass(classId: string): Promise<KnownPupil[]> {
      return (await collection.find({ classId }, { sort: { _id: 1 } })).map(toPupil);
    },
    follow({ id, name, classId, className, leftOn }: Pupil, { version, at }: { readonly version: number; readonly at: Date }): void {
      const left = leftOn === undefined ? {} : { leftOn };
      const document = {
        _id: id,
        schoolId: session.schoolId,
        name,
        classId,
        className,
        ...left,
        stays: [{ version, ...left, at }],
        version,
      };
      keepNewest(students, collection, document, ['stays']);
    },
  };
}

function toPupil({ _id, name, classId, className, leftOn, stays }: StudentDoc): KnownPupil {
  return {
    ...{ id: _id, name, classId, className },
    leftOn: leftOn as SchoolDate | undefined,
    stays: stays.map(({ version, leftOn: last, at }) => ({ version, leftOn: last as SchoolDate | undefined, at })),
  };
}
