import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { ToldHalfDay } from '../domain/calendar-walk.ts';
import { type Change, isOutOfPlace } from '../domain/change.ts';
import type { AbsentHalfDay } from '../domain/counting.ts';
import type { Session as DaySession } from '../domain/half-day.ts';
import { isAbsent, type MarkKind } from '../domain/mark.ts';

interface AbsenceDoc extends Stored {
  studentId: string;
  date: string;
  session: DaySession;
  kind: Exclude<MarkKind, 'PRESENT'>;
  /** Absent of what was written before it was kept. */
  reportedAt?: Date;
}

const text = { type: String, required: true };
const schema = new mongoose.Schema({ studentId: text, date: text, session: text, kind: text, reportedAt: Date });
schema.index({ schoolId: 1, studentId: 1, date: 1 });

export const absences = defineCollection<AbsenceDoc>('absences', schema);

/**
 * The half-days in which a pupil stands as absent or late, one row each, as others were told: what is counted. Derived from roll calls and
 * leave, in the transaction that changes them.
 */
export function absenceStore(session: Session) {
  const collection = session.collection(absences);
  return {
    async ofPupil(studentId: string, firstDay: SchoolDate, lastDay: SchoolDate): Promise<AbsentHalfDay[]> {
      const found = await collection.find({ studentId, date: { $gte: firstDay, $lte: lastDay } }, { sort: { date: 1 } });
      return found.flatMap(({ date, session: half, kind }) => (isAbsent(kind) ? [{ date: date as SchoolDate, session: half, kind }] : []));
    },
    /** What others were told of these pupils over a span of days. */
    async told(studentIds: readonly string[], firstDay: SchoolDate, lastDay: SchoolDate): Promise<ReadonlyMap<string, ToldHalfDay[]>> {
      const found = await collection.find({ studentId: { $in: [...studentIds] }, date: { $gte: firstDay, $lte: lastDay } });
      const rows = found.map(({ studentId, date, session: half, kind, reportedAt = new Date(0) }) => {
        return { studentId, told: { date: date as SchoolDate, session: half, kind, reportedAt } };
      });
      const ofPupil = Map.groupBy(rows, ({ studentId }) => studentId);
      return new Map([...ofPupil].map(([studentId, each]) => [studentId, each.map(({ told }) => told)]));
    },
    keep({ pupil, halfDay: { date, session: half }, before, after }: Change): void {
      const _id = `${pupil.id}:${date}:${half}`;
      if (isOutOfPlace(after)) {
        const { kind, reportedAt } = after;
        const facts = { studentId: pupil.id, date, session: half };
        collection.update({ _id }, { $set: { kind, reportedAt }, $setOnInsert: facts }, { upsert: true });
      } else if (isOutOfPlace(before)) collection.delete({ _id });
    },
  };
}
