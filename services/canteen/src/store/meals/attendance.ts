import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, onceRead, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { AttendanceDay, AttendanceFact } from '../../domain/meals/attendance.ts';
import type { Session as DaySession } from '../../domain/meals/meal.ts';

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

type PupilsDay = Pick<AttendanceDay, 'studentId' | 'date'>;

/** What attendance announced of a pupil and day, kept whether or not pupil and meal are known. */
export function attendanceStore(session: Session) {
  const collection = session.collection(attendanceDays);
  const idOf = ({ studentId, date }: PupilsDay): string => `${studentId}:${date}`;
  const daysById = onceRead<AttendanceDay>(async (ids) =>
    (await collection.find({ _id: { $in: [...ids] } })).map((day) => [day._id, toDay(day)]),
  );
  return {
    async open(studentId: string, date: SchoolDate): Promise<AttendanceDay> {
      const [day] = await daysById.all([idOf({ studentId, date })]);
      return day ?? { studentId, date, facts: [] };
    },
    /** Reads days at once that will be opened one after the other. */
    async readAhead(days: readonly PupilsDay[]): Promise<void> {
      await daysById.all(days.map(idOf));
    },
    /** Days of these pupils of which attendance announced something. */
    async between(studentIds: readonly string[], firstDay: SchoolDate, lastDay: SchoolDate): Promise<AttendanceDay[]> {
      const found = await collection.find({ studentId: { $in: [...studentIds] }, date: { $gte: firstDay, $lte: lastDay } });
      return found.map(toDay);
    },
    keep({ studentId, date, facts }: AttendanceDay): void {
      daysById.forget(idOf({ studentId, date }));
      const set = { studentId, date, facts: facts.map((each) => ({ ...each })) };
      collection.update({ _id: idOf({ studentId, date }) }, { $set: set }, { upsert: true });
    },
  };
}

function toDay({ studentId, date, facts }: DayDoc): AttendanceDay {
  return { studentId, date: date as SchoolDate, facts: facts.map(toFact) };
}

function toFact({ version, session, absent, reportedAt }: FactDoc): AttendanceFact {
  return { version, session, absent, reportedAt };
}
