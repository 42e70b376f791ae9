import type { SchoolDate } from '@schoolbell/kernel';
import { collection, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { ClassTeacher } from '../domain/rights.ts';

const { day, text } = stored;

/** `validUntil` is '' while the assignment holds. */
const teacher = { classId: text, subject: text, validFrom: day, validUntil: day };

export const teachers = collection('class_teachers', teacher, {
  indexes: [unique({ schoolId: 1, subject: 1, classId: 1, validFrom: 1 })],
});

/** Which teacher answers for which class. */
export function teacherStore(session: Session) {
  const rows = rowsOf(session, teachers);
  return {
    ofSubject: async (subject: string): Promise<ClassTeacher[]> => (await rows.all({ subject })).map(toTeacher),
    async find({ classId, subject, validFrom }: ClassTeacher): Promise<ClassTeacher | undefined> {
      const found = await rows.one({ classId, subject, validFrom });
      return found && toTeacher(found);
    },
    /** One assignment per class, subject and first day; a repeat brings the new end. */
    keep({ classId, subject, validFrom, validUntil = '' as SchoolDate }: ClassTeacher, id: string): void {
      const update = { $set: { validUntil }, $setOnInsert: { _id: id } };
      rows.documents.update({ classId, subject, validFrom }, update, { upsert: true });
    },
  };
}

function toTeacher({ validUntil, ...teacher }: ClassTeacher): ClassTeacher {
  return { ...teacher, validUntil: validUntil || undefined };
}
