import { DaySession } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { Confirmation, DeliveryStatus } from '@schoolbell/contracts/school/notification/v1/notification';
import { isUuid } from '@schoolbell/kernel';
import { fields } from '@schoolbell/service-kit';
import { z } from 'zod';
import type { AbsencePolicy } from '../domain/absences/absence-policy.ts';

const { anyChoice, blankOr, choice, day, id, line, page, pageBy, someId } = fields;

const halfDay = z.object({ date: day, session: choice(DaySession, ['MORNING', 'AFTERNOON']) });
// What no id can be finds what a wrong id finds.
const anyId = z.string();

export const deliveriesInput = z.object({
  invoiceId: blankOr(anyId),
  studentId: blankOr(anyId),
  status: anyChoice(DeliveryStatus, ['PENDING', 'SENDING', 'SENT', 'FAILED']),
  page: pageBy(isUuid),
});
export const deliveryInput = z.object({ deliveryId: anyId });
export const countInput = z.object({});

export const absencesInput = z
  .object({ classId: someId, ...halfDay.shape, page })
  .transform(({ classId, page, ...half }) => ({ classId, half, page }));
export const confirmInput = z
  .object({ classId: someId, ...halfDay.shape, studentIds: z.array(someId).max(100) })
  .transform(({ classId, studentIds, ...half }) => ({ classId, half, studentIds }));
export const holdInput = z
  .object({ studentId: someId, ...halfDay.shape, reason: line(500) })
  .transform(({ studentId, reason, ...half }) => ({ studentId, half, reason }));

export const dateInput = z.object({ date: blankOr(day) });
export const policyInput = z.object({
  policy: z
    .object({
      policyId: id,
      effectiveFrom: day,
      tellWithoutLeave: z.boolean(),
      tellWithLeave: z.boolean(),
      tellLate: z.boolean(),
      graceMinutes: z.number().int(),
      confirmation: choice(Confirmation, ['NOT_NEEDED', 'NEEDED']),
      longestWaitMinutes: z.number().int(),
      citation: line(300),
    })
    .transform(({ policyId, ...same }): AbsencePolicy => ({ id: policyId, ...same })),
});
