import { AttendanceMark, DaySession, MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { AttendanceEvent } from '@schoolbell/contracts/school/attendance/v1/attendance_events';

/** What attendance announced of a pupil: away on the morning of 23-11-2026; away on that of the next day, which was then corrected. */
export function marksOfTwoDays(studentId: string): Uint8Array[] {
  const away = (date: string): AttendanceMark =>
    AttendanceMark.create({ studentId, date, session: DaySession.MORNING, kind: MarkKind.ABSENT_WITHOUT_LEAVE });
  const events: AttendanceEvent['event'][] = [
    { $case: 'studentMarkedAbsent', value: { mark: away('2026-11-23'), corrects: undefined } },
    { $case: 'studentMarkedAbsent', value: { mark: away('2026-11-24'), corrects: undefined } },
    { $case: 'studentMarkedPresent', value: { mark: { ...away('2026-11-24'), kind: MarkKind.PRESENT }, corrects: undefined } },
  ];
  return events.map((event) => AttendanceEvent.encode({ event }).finish());
}
