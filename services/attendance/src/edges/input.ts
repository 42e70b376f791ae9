import { DaySession, MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { fields } from '@schoolbell/service-kit';
import { z } from 'zod';
import type { SchoolYear } from '../domain/calendar.ts';
import type { Act } from '../domain/roll-call.ts';

const { anyInstant, blankOr, choice, day, id, instant, line, page, someId, timeOfDay, whole } = fields;

const session = choice(DaySession, ['MORNING', 'AFTERNOON']);
const kind = choice(MarkKind, ['PRESENT', 'LATE', 'ABSENT_WITH_LEAVE', 'ABSENT_WITHOUT_LEAVE']);
const mark = z.object({ studentId: someId, kind, reportedAt: anyInstant });
const halfDay = z.object({ date: day, session });

const marking = { submissionId: id, classId: someId, ...halfDay.shape, takenAt: anyInstant };
export const rollCallInput = z
  .object({ ...marking, marks: z.array(mark).min(1).max(100) })
  .transform(({ submissionId, classId, date, session, takenAt, marks }) => {
    const act: Act = { id: submissionId, source: 'ROLL_CALL', takenAt, reason: undefined, marks };
    return { classId, half: { date, session }, act };
  });
export const correctionInput = z
  .object({ ...marking, mark, reason: line(500) })
  .transform(({ submissionId, classId, date, session, takenAt, mark, reason }) => {
    const act: Act = { id: submissionId, source: 'CORRECTION', takenAt, reason, marks: [mark] };
    return { classId, half: { date, session }, act };
  });
export const rollInput = z.object({ classId: someId, ...halfDay.shape }).transform(({ classId, ...half }) => ({ classId, half }));
export const rollsInput = z.object({ date: blankOr(day), session: fields.anyChoice(DaySession, ['MORNING', 'AFTERNOON']), page });
export const scansInput = z.object({
  scans: z
    .array(z.object({ scanId: id, studentId: someId, scannedAt: instant, session, late: z.boolean() }))
    .min(1)
    .max(500),
});

export const leaveInput = z
  .object({ leaveId: id, studentId: someId, first: halfDay, last: halfDay, reason: line(500, 0), reportedAt: anyInstant })
  .transform(({ leaveId, reportedAt, ...same }) => ({ wish: { id: leaveId, reportedAt, ...same } }));
export const leaveIdInput = z.object({ leaveId: someId });
export const leavesInput = z.object({ studentId: someId, page });
export const countInput = z.object({ studentId: someId, until: blankOr(day) });

export const dateInput = z.object({ date: blankOr(day) });
export const teacherInput = z.object({
  classTeacher: z.object({ classId: someId, subject: line(200), validFrom: day, validUntil: blankOr(day) }),
});
const weekdays = z.array(whole(1, 7)).max(7);
const holiday = z.object({ firstDay: day, lastDay: day, name: line(100), citation: line(300) });
const calendar = {
  ...{ calendarId: id, name: line(50), firstDay: day, lastDay: day, citation: line(300), holidays: z.array(holiday).max(100) },
  ...{ morningWeekdays: weekdays, afternoonWeekdays: weekdays, morningOpens: timeOfDay, afternoonOpens: timeOfDay },
};
export const yearInput = z
  .object({ schoolYear: z.object(calendar) })
  .transform(({ schoolYear: { calendarId, morningWeekdays, afternoonWeekdays, morningOpens, afternoonOpens, ...same } }): SchoolYear => {
    const weekdays = { MORNING: morningWeekdays, AFTERNOON: afternoonWeekdays };
    return { id: calendarId, ...same, weekdays, opens: { MORNING: morningOpens, AFTERNOON: afternoonOpens } };
  });
