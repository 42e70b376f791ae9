import { SupportSource } from '@schoolbell/contracts/school/billing/v1/billing';
import { fields, says } from '@schoolbell/service-kit';
import { z } from 'zod';
import { parseMonth } from '../../domain/meals/meal.ts';
import { supportSources } from '../../domain/meals/support.ts';
import { amount, runInput } from '../invoices/input.ts';

const { blankOr, choice, day, id, line, page, someId } = fields;

const month = z.string().transform((text, context) => {
  const parsed = parseMonth(text);
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', ...says('must be a month like 2026-12', 'phải là một tháng, ví dụ 2026-12') });
  return z.NEVER;
});

export const billRunInput = runInput.omit({ charges: true }).extend({ month });
export const accountInput = z.object({ studentId: someId, month });

const span = { effectiveFrom: day, effectiveUntil: blankOr(day) };
const support = { grantId: id, studentId: someId, amountPerDay: amount, ...span, source: choice(SupportSource, supportSources) };
export const supportInput = z.object({
  support: z.object({ ...support, citation: line(300) }).transform(({ grantId, ...same }) => ({ id: grantId, ...same })),
});
export const endSupportInput = z.object({ grantId: id, effectiveUntil: day });
export const supportsInput = z.object({ page, studentId: blankOr(someId) });
