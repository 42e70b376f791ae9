import { DaySession, MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { err, isUuid, ok, parseSchoolDate, type Result, type SchoolDate } from '@schoolbell/kernel';
import { z } from 'zod';
import type { SchoolYear } from '../domain/calendar.ts';
import type { HalfDay, Session } from '../domain/half-day.ts';
import type { MarkKind as Kind } from '../domain/mark.ts';

/** The first field that is not what the contract says. */
export type InputRefused = { readonly code: 'INPUT_INVALID'; readonly field: string; readonly problem: string };

/** Reads a request by its schema. Only scalars of the contract get through, so nothing in it can become a query operator. */
export function read<S extends z.ZodType>(schema: S, request: unknown): Result<z.output<S>, InputRefused> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err({ code: 'INPUT_INVALID', field: issue?.path.map(toSnake).join('.') ?? '', problem: issue?.message ?? '' });
}

// Callers know the contract's names: "takenAt" is taken_at there.
function toSnake(part: PropertyKey): string {
  return String(part).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const id = z.string().refine(isUuid, { error: 'must be a UUID in lower case' });
const someId = z.string().min(1, 'must not be empty').max(64, 'must be at most 64 characters');
const noControls = /^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}]*$/u;
const line = (longest: number, least = 1) =>
  z
    .string()
    .transform((text) => text.normalize('NFC').trim())
    .pipe(
      z
        .string()
        .min(least, 'must not be empty')
        .max(longest, `must be at most ${longest} characters`)
        .regex(noControls, 'must be one line of plain text'),
    );
const day = z.string().transform((text, context): SchoolDate => {
  const parsed = parseSchoolDate(text);
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', message: 'must be a day like 2026-11-30' });
  return z.NEVER;
});
const noDay = z.literal('').transform(() => undefined);
const session = z
  .literal([DaySession.MORNING, DaySession.AFTERNOON], 'must be MORNING or AFTERNOON')
  .transform((value): Session => (value === DaySession.MORNING ? 'MORNING' : 'AFTERNOON'));
const anySession = z
  .literal(DaySession.UNSPECIFIED)
  .transform(() => undefined)
  .or(session);
const kinds = new Map<number, Kind>([
  [MarkKind.PRESENT, 'PRESENT'],
  [MarkKind.LATE, 'LATE'],
  [MarkKind.ABSENT_WITH_LEAVE, 'ABSENT_WITH_LEAVE'],
  [MarkKind.ABSENT_WITHOUT_LEAVE, 'ABSENT_WITHOUT_LEAVE'],
]);
const kind = z.number().transform((value, context): Kind => {
  const known = kinds.get(value);
  if (known) return known;
  context.addIssue({ code: 'custom', message: 'must be a kind of mark' });
  return z.NEVER;
});
const time = z.date('must be a time').optional();
const mark = z.object({ studentId: someId, kind, reportedAt: time }, 'must be given');
const halfDay = z.object({ date: day, session }, 'must be given').transform((half): HalfDay => half);

const where = { submissionId: id, classId: someId, date: day, session, takenAt: time };
export const rollCallInput = z.object({
  ...where,
  marks: z.array(mark).min(1, 'must have at least one mark').max(100, 'must have at most 100 marks'),
});
export const correctionInput = z.object({ ...where, mark, reason: line(500) });
export const rollInput = z.object({ classId: someId, date: day, session });
export const scansInput = z.object({
  scans: z
    .array(z.object({ scanId: id, studentId: someId, scannedAt: z.date('must be a time'), session, late: z.boolean() }))
    .min(1, 'must have at least one scan')
    .max(500, 'must have at most 500 scans'),
});
export const leaveInput = z.object({
  leaveId: id,
  studentId: someId,
  first: halfDay,
  last: halfDay,
  reason: line(500, 0),
  reportedAt: time,
});
export const countInput = z.object({ studentId: someId, until: noDay.or(day) });
export const dateInput = z.object({ date: noDay.or(day) });
export const teacherInput = z.object({
  classTeacher: z.object({ classId: someId, subject: line(200), validFrom: day, validUntil: noDay.or(day) }, 'must be given'),
});

const weekdays = z.array(z.number().int().min(1, 'must be 1 to 7').max(7, 'must be 1 to 7')).max(7, 'must be 1 to 7');
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day like 06:00');
export const yearInput = z.object({
  schoolYear: z
    .object(
      {
        calendarId: id,
        name: line(50),
        firstDay: day,
        lastDay: day,
        citation: line(300),
        holidays: z
          .array(z.object({ firstDay: day, lastDay: day, name: line(100), citation: line(300) }))
          .max(100, 'must have at most 100 holidays'),
        morningWeekdays: weekdays,
        afternoonWeekdays: weekdays,
        morningOpens: clock,
        afternoonOpens: clock,
      },
      'must be given',
    )
    .transform(
      ({ calendarId, morningWeekdays, afternoonWeekdays, morningOpens, afternoonOpens, ...same }): SchoolYear => ({
        id: calendarId,
        ...same,
        weekdays: { MORNING: morningWeekdays, AFTERNOON: afternoonWeekdays },
        opens: { MORNING: morningOpens, AFTERNOON: afternoonOpens },
      }),
    ),
});

const tooLong = 'is not a token of this list';
const page = z
  .object({
    size: z.number().int().min(0, 'must be 1 to 500, or 0 for 100').max(500, 'must be 1 to 500'),
    token: z.string().max(500, tooLong),
  })
  .optional()
  .transform((asked, context) => {
    const after = fromToken(asked?.token ?? '');
    if (after === undefined) context.addIssue({ code: 'custom', message: tooLong, path: ['token'] });
    return { size: asked?.size || 100, after: after ?? '' };
  });
export const rollsInput = z.object({ date: noDay.or(day), session: anySession, page });
export const leavesInput = z.object({ studentId: someId, page });

export function toToken(next: string | undefined): string {
  return next === undefined ? '' : Buffer.from(next).toString('base64url');
}

function fromToken(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString();
  return toToken(text) === token ? text : undefined;
}
