import { collection, index, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { Actor, ClassTeacher } from '../../domain/rights.ts';

const { day, number, optional, text } = stored;

export const classTeacherDocuments = collection(
  'class_teachers',
  { classId: text, subject: text, from: day, until: optional(day) },
  { beside: { version: number }, indexes: [index({ schoolId: 1, subject: 1 })] },
);

export interface ClassTeachers {
  /** What gives the actor the right to act for classes; the office needs nothing. */
  of(actor: Actor): Promise<ClassTeacher[]>;
  follow(assignment: ClassTeacher, version: number): void;
}

export function openClassTeachers(session: Session): ClassTeachers {
  const rows = rowsOf(session, classTeacherDocuments);
  return {
    of: async ({ subject, scope }) => (scope === 'SCHOOL' ? [] : rows.all({ subject })),
    follow: (assignment, version) => {
      const { classId, subject, from } = assignment;
      rows.follow(assignment, { _id: JSON.stringify([session.schoolId, classId, from, subject]), version });
    },
  };
}
