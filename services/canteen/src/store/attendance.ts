import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { AttendanceDay, AttendanceFact } from '../domain/attendance.ts';
import type { Session as DaySession } from '../domain/meal.ts';

interface FactDoc {
  version: number;
  session: DaySession;
  absent: boolean;
  reportedAt: Date;
}

interface DayDoc extends Stored {
  studentId: string;
  date: string;
  facts: FactDoc[];
}

const text = { type: String, required: true };
const fact = new mongoose.Schema(
  {
    version: { type: Number, required: true },
    session: text,
    absent: { type: Boolean, required: true },
    reportedAt: { type: Date, required: true },
  },
  { _id: false },
);
const schema = new mongoose.Schema({ studentId: text, date: text, facts: { type: [fact], required: true } });
schema.index({ schoolId: 1, studentId: 1, date: 1 });

export const attendanceDays = defineCollection<DayDoc>('attendance_days', schema);

/** What attendance said of a pupil and day, kept whether or not pupil and meal are known. */
export function attendanceStore(session: Session) {
  const collection = session.collection(attendanceDays);
  return {
    async open(studentId: string, date: SchoolDate): Promise<AttendanceDay> {
      const found = await collection.findOne({ _id: `${studentId}:${date}` });
      return { studentId, date, facts: found?.facts.map(toFact) ?? [] };
    },
    /** Days of these pupils of which something was said. */
    async between(studentIds: readonly string[], firstDay: SchoolDate, lastDay: SchoolDate): Promise<AttendanceDay[]> {
      const found = await collection.find({ studentId: { $in: [...studentIds] }, date: { $gte: firstDay, $lte: lastDay } });
      return found.map(({ studentId, date, facts }) => ({ studentId, date: date as SchoolDate, facts: facts.map(toFact) }));
    },
    keep({ studentId, date, facts }: AttendanceDay): void {
      const set = { studentId, date, facts: facts.map((each) => ({ ...each })) };
      collection.update({ _id: `${studentId}:${date}` }, { $set: set }, { upsert: true });
    },
  };
}

function toFact({ version, session, absent, reportedAt }: FactDoc): AttendanceFact {
  return { version, session, absent, reportedAt };
}
