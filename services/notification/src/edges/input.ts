import { DaySession } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { Confirmation } from '@schoolbell/contracts/school/notification/v1/notification';
import { err, isUuid, ok, parseSchoolDate, type Result, type SchoolDate } from '@schoolbell/kernel';
import { z } from 'zod';
import type { AbsencePolicy } from '../domain/absences/absence-policy.ts';
import type { Session } from '../domain/absences/mark.ts';

/** The first field that is not what the contract says. */
export type InputRefused = { readonly code: 'INPUT_INVALID'; readonly field: string; readonly problem: string };

/** Reads a request by its schema. Only scalars of the contract get through, so nothing in it can become a query operator. */
export function readInput<S extends z.ZodType>(schema: S, request: unknown): Result<z.output<S>, InputRefused> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err({ code: 'INPUT_INVALID', field: issue?.path.map(toSnake).join('.') ?? '', problem: issue?.message ?? '' });
}

// Callers know the contract's names: "graceMinutes" is grace_minutes there.
function toSnake(part: PropertyKey): string {
  return String(part).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const id = z.string().refine(isUuid, { error: 'must be a UUID in lower case' });
const someId = z.string().min(1, 'must not be empty').max(64, 'must be at most 64 characters');
const noControls = /^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}]*$/u;
const line = (longest: number) =>
  z
    .string()
    .transform((text) => text.normalize('NFC').trim())
    .pipe(
      z
        .string()
        .min(1, 'must not be empty')
        .max(longest, `must be at most ${longest} characters`)
        .regex(noControls, 'must be one line of plain text'),
    );
const day = z.string().transform((text, context): SchoolDate => {
  const parsed = parseSchoolDate(text);
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', message: 'must be a day like 2026-11-30' });
  return z.NEVER;
});
const session = z
  .literal([DaySession.MORNING, DaySession.AFTERNOON], 'must be MORNING or AFTERNOON')
  .transform((value): Session => (value === DaySession.MORNING ? 'MORNING' : 'AFTERNOON'));
const halfDay = { date: day, session };

const page = z
  .object({ size: z.number().int().min(0, 'must be 1 to 500').max(500, 'must be 1 to 500'), token: z.string().max(100) })
  .optional()
  .transform((asked) => ({ size: asked?.size || 100, after: asked?.token ?? '' }));

export const absencesInput = z.object({ classId: someId, ...halfDay, page });
export const confirmInput = z.object({
  classId: someId,
  ...halfDay,
  studentIds: z.array(someId).max(100, 'must have at most 100 pupils'),
});
export const holdInput = z.object({ studentId: someId, ...halfDay, reason: line(500) });
export const dateInput = z.object({
  date: z
    .literal('')
    .transform(() => undefined)
    .or(day),
});
export const policyInput = z.object({
  policy: z
    .object(
      {
        policyId: id,
        effectiveFrom: day,
        tellWithoutLeave: z.boolean(),
        tellWithLeave: z.boolean(),
        tellLate: z.boolean(),
        graceMinutes: z.number().int(),
        confirmation: z
          .literal([Confirmation.NOT_NEEDED, Confirmation.NEEDED], 'must be NOT_NEEDED or NEEDED')
          .transform((value): AbsencePolicy['confirmation'] => (value === Confirmation.NEEDED ? 'NEEDED' : 'NOT_NEEDED')),
        longestWaitMinutes: z.number().int(),
        citation: line(300),
      },
      'must be given',
    )
    .transform(({ policyId, ...same }): AbsencePolicy => ({ id: policyId, ...same })),
});
