import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Change } from '../domain/change.ts';
import type { AbsentHalfDay } from '../domain/counting.ts';
import type { Session as DaySession } from '../domain/half-day.ts';

interface AbsenceDoc extends Stored {
  studentId: string;
  date: string;
  session: DaySession;
  kind: AbsentHalfDay['kind'];
}

const text = { type: String, required: true };
const schema = new mongoose.Schema({ studentId: text, date: text, session: text, kind: text });
schema.index({ schoolId: 1, studentId: 1, date: 1 });

export const absences = defineCollection<AbsenceDoc>('absences', schema);

/** The absent half-days as they stand, one row each: what is counted. Derived from roll calls and leave, in the transaction that changes them. */
export function absenceStore(session: Session) {
  const collection = session.collection(absences);
  return {
    async ofPupil(studentId: string, firstDay: SchoolDate, lastDay: SchoolDate): Promise<AbsentHalfDay[]> {
      const found = await collection.find({ studentId, date: { $gte: firstDay, $lte: lastDay } }, { sort: { date: 1 } });
      return found.map(({ date, session: half, kind }) => ({ date: date as SchoolDate, session: half, kind }));
    },
    keep({ pupil, halfDay: { date, session: half }, before, after }: Change): void {
      const _id = `${pupil.id}:${date}:${half}`;
      const kind = after?.kind;
      if (kind === 'ABSENT_WITH_LEAVE' || kind === 'ABSENT_WITHOUT_LEAVE') {
        const facts = { studentId: pupil.id, date, session: half };
        collection.update({ _id }, { $set: { kind }, $setOnInsert: facts }, { upsert: true });
      } else if (before) collection.delete({ _id });
    },
  };
}
