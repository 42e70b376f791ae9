import type { SchoolDate } from '@schoolbell/kernel';
import { collection, index, onceRead, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { AttendanceDay } from '../../domain/meals/attendance.ts';
import type { Session as DaySession } from '../../domain/meals/meal.ts';

const { day, flag, instant, list, number, part, text, textOf } = stored;

const fact = part({ version: number, session: textOf<DaySession>(), absent: flag, reportedAt: instant });

export const attendanceDays = collection(
  'attendance_days',
  { studentId: text, date: day, facts: list(fact) },
  { indexes: [index({ schoolId: 1, studentId: 1, date: 1 })] },
);

type PupilsDay = Pick<AttendanceDay, 'studentId' | 'date'>;

/** What attendance announced of a pupil and day, kept whether or not pupil and meal are known. */
export function attendanceStore(session: Session) {
  const rows = rowsOf(session, attendanceDays);
  const idOf = ({ studentId, date }: PupilsDay): string => `${studentId}:${date}`;
  const said = onceRead<AttendanceDay>(async (ids) => (await rows.all({ _id: { $in: [...ids] } })).map((each) => [idOf(each), each]));
  return {
    async open(studentId: string, date: SchoolDate): Promise<AttendanceDay> {
      const [known] = await said.all([idOf({ studentId, date })]);
      return known ?? { studentId, date, facts: [] };
    },
    /** Reads days at once that will be opened one after the other. */
    async readAhead(days: readonly PupilsDay[]): Promise<void> {
      await said.all(days.map(idOf));
    },
    /** Days of these pupils of which attendance announced something. */
    between: (studentIds: readonly string[], firstDay: SchoolDate, lastDay: SchoolDate): Promise<AttendanceDay[]> =>
      rows.all({ studentId: { $in: [...studentIds] }, date: { $gte: firstDay, $lte: lastDay } }),
    keep(kept: AttendanceDay): void {
      const _id = idOf(kept);
      said.forget(_id);
      rows.documents.update({ _id }, { $set: attendanceDays.write(kept, { _id }) }, { upsert: true });
    },
  };
}
