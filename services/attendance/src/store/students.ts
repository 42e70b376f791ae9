import type { SchoolDate } from '@schoolbell/kernel';
import { collection, index, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { SchoolClass } from '../domain/overview.ts';
import type { KnownPupil, Membership, Pupil } from '../domain/pupil.ts';

const { day, id, list, maybe, number, or, part, text } = stored;

const student = {
  ...{ id, name: text, classId: text, className: text, grade: number, leftOn: maybe(day) },
  classIds: list(text),
  // What each event said of the class; absent of what was heard before moves were dated.
  memberships: or(list(part({ classId: text, since: day, version: number })), []),
};

export const students = collection('students', student, { beside: { version: number }, indexes: [index({ schoolId: 1, classIds: 1 })] });

/** Pupils as registry announced them. */
export function studentStore(session: Session) {
  const rows = rowsOf(session, students);
  return {
    find: (id: string): Promise<KnownPupil | undefined> => rows.one({ _id: id }),
    findAll: (ids: readonly string[]): Promise<KnownPupil[]> => rows.all({ _id: { $in: [...ids] } }),
    /** Who is in the class, or was. */
    ofClass: (classId: string): Promise<KnownPupil[]> => rows.all({ classIds: classId }),
    ofClasses: (classIds: readonly string[]): Promise<KnownPupil[]> => rows.all({ classIds: { $in: [...classIds] } }),
    /** Classes that had a pupil on that day. */
    async classesOn(date: SchoolDate): Promise<SchoolClass[]> {
      const atSchool = { $or: [{ leftOn: { $exists: false } }, { leftOn: { $gte: date } }] };
      const group = { _id: '$classId', className: { $max: '$className' }, grade: { $max: '$grade' } };
      const found = await rows.documents.aggregate<{ _id: string; className: string; grade: number }>([
        { $match: atSchool },
        { $group: group },
      ]);
      return found.map(({ _id, ...facts }) => ({ classId: _id, ...facts }));
    },
    /** The first class by id after this one that has a pupil now. */
    async classAfter(classId: string): Promise<string | undefined> {
      const [found] = await rows.all({ classId: { $gt: classId } }, { sort: { classId: 1 }, limit: 1 });
      return found?.classId;
    },
    /** `since` is the day on which registry said so. */
    follow(pupil: Pupil, { version, since }: Pick<Membership, 'version' | 'since'>): void {
      const { classId } = pupil;
      const gathered = { classIds: [classId], memberships: [{ classId, since, version }] };
      rows.follow({ ...pupil, ...gathered }, { version }, ['classIds', 'memberships']);
    },
  };
}
