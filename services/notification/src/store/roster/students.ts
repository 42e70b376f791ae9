import { collection, onceRead, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { Student } from '../../domain/roster/roster.ts';

const { id, number, text } = stored;

export const studentDocuments = collection('students', { id, className: text }, { beside: { version: number } });

export interface Students {
  find(ids: readonly string[]): Promise<Student[]>;
  follow(student: Student, version: number): void;
}

export function openStudents(session: Session): Students {
  const rows = rowsOf(session, studentDocuments);
  const reads = onceRead<Student>(async (ids) => (await rows.all({ _id: { $in: [...ids] } })).map((student) => [student.id, student]));
  return {
    find: reads.all,
    follow: (student, version) => {
      reads.forget(student.id);
      rows.follow(student, { version });
    },
  };
}
