import { collection, index, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { Student } from '../../domain/invoices/invoice-run.ts';

const { day, flag, id, number, optional, text } = stored;

export const students = collection(
  'students',
  { id, name: text, classId: text, className: text, enrolled: flag, leftOn: optional(day) },
  { beside: { version: number }, indexes: [index({ schoolId: 1, enrolled: 1, _id: 1 })] },
);

/** Pupils as registry announced them. */
export function studentStore(session: Session) {
  const rows = rowsOf(session, students);
  const inClasses = (classIds: readonly string[]) => (classIds.length > 0 ? { classId: { $in: [...classIds] } } : {});
  return {
    find: (id: string): Promise<Student | undefined> => rows.one({ _id: id }),
    findAll: (ids: readonly string[]): Promise<Student[]> => rows.all({ _id: { $in: [...ids] } }),
    /** Ids of the pupils after `after`, in their order; without `left` of the enrolled ones only. */
    async after(after: string, wanted: { classIds: readonly string[]; left: boolean; limit: number }): Promise<string[]> {
      const { classIds, left, limit } = wanted;
      const filter = { enrolled: left ? { $in: [true, false] } : true, _id: { $gt: after }, ...inClasses(classIds) };
      return (await rows.documents.find(filter, { sort: { _id: 1 }, limit, projection: { _id: 1 } })).map(({ _id }) => _id);
    },
    /** Pupils after one id, up to and with another; also those who have left. */
    between(after: string, upTo: string, classIds: readonly string[]): Promise<Student[]> {
      // Naming both values lets the index on them bound the search to the school.
      const filter = { enrolled: { $in: [true, false] }, _id: { $gt: after, $lte: upTo }, ...inClasses(classIds) };
      return rows.all(filter, { sort: { _id: 1 } });
    },
    countEnrolled: (classIds: readonly string[]) => rows.documents.count({ enrolled: true, ...inClasses(classIds) }),
    follow: (student: Student, version: number) => rows.follow(student, { version }),
  };
}
