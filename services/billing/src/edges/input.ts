import { isIP } from 'node:net';
import { InvoicePurpose, InvoiceStatus, SupportSource } from '@schoolbell/contracts/school/billing/v1/billing';
import { err, isUuid, ok, parseSchoolDate, type Result, type SchoolDate, vnd } from '@schoolbell/kernel';
import { z } from 'zod';
import type { FeeItem } from '../domain/invoices/fees.ts';
import type { Invoice, InvoicePurpose as Purpose } from '../domain/invoices/invoice.ts';
import { type Month, parseMonth } from '../domain/meals/meal.ts';
import type { LunchSupport, SupportSource as Source } from '../domain/meals/support.ts';

/** The first field that is not what the contract says. */
export type InputRefused = { readonly code: 'INPUT_INVALID'; readonly field: string; readonly problem: string };

/** Reads a request by its schema. Only scalars of the contract get through, so nothing in it can become a query operator. */
export function read<S extends z.ZodType>(schema: S, request: unknown): Result<z.output<S>, InputRefused> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err({ code: 'INPUT_INVALID', field: issue?.path.map(toSnake).join('.') ?? '', problem: issue?.message ?? '' });
}

// Callers know the contract's names: "dueOn" is due_on there.
export function toSnake(part: PropertyKey): string {
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
// Enough for any school, and small enough that a thousand lines of it fit in 64 bits.
const largestAmount = 10n ** 12n;
const money = z
  .object(
    {
      currencyCode: z.literal('VND', 'must be VND'),
      minorUnits: z.bigint().positive('must be more than 0').max(largestAmount, 'must be at most 1000000000000'),
    },
    'must be given',
  )
  .transform(({ minorUnits }) => vnd(minorUnits));
const charges = z
  .array(z.object({ feeItemId: someId, quantity: z.number().int().min(1, 'must be at least 1').max(1_000, 'must be at most 1000') }))
  .min(1, 'must have at least one line')
  .max(50, 'must have at most 50 lines');
const purpose = z
  .literal([InvoicePurpose.FEES, InvoicePurpose.WALLET_TOP_UP], 'must be FEES or WALLET_TOP_UP')
  .transform((value): Purpose => (value === InvoicePurpose.FEES ? 'FEES' : 'WALLET_TOP_UP'));
const statuses = new Map<number, Invoice['status']>([
  [InvoiceStatus.OPEN, 'OPEN'],
  [InvoiceStatus.PARTIALLY_PAID, 'PARTIALLY_PAID'],
  [InvoiceStatus.PAID, 'PAID'],
  [InvoiceStatus.VOID, 'VOID'],
]);
const title = line(200);
const reason = line(500);
const classIds = z.array(someId).max(200, 'must be at most 200 classes');
const month = z.string().transform((text, context): Month => {
  const parsed = parseMonth(text);
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', message: 'must be a month like 2026-12' });
  return z.NEVER;
});
const noDay = z.literal('').transform(() => undefined);
const sources = new Map<number, Source>([
  [SupportSource.HCMC, 'HCMC'],
  [SupportSource.HANOI, 'HANOI'],
  [SupportSource.OTHER, 'OTHER'],
]);
const source = z.number().transform((value, context): Source => {
  const known = sources.get(value);
  if (known) return known;
  context.addIssue({ code: 'custom', message: 'must be HCMC, HANOI or OTHER' });
  return z.NEVER;
});

export const feeItemInput = z.object({
  feeItem: z
    .object(
      {
        feeItemId: id,
        code: z.string().regex(/^[A-Z][A-Z0-9_]{0,31}$/, 'must be capitals, digits and _, at most 32'),
        name: line(300),
        unitPrice: money,
        unit: line(50),
        effectiveFrom: day,
        effectiveUntil: noDay.or(day),
        citation: line(300),
      },
      'must be given',
    )
    .transform(({ feeItemId, ...same }): FeeItem => ({ id: feeItemId, ...same })),
});

export const invoiceInput = z.object({ invoiceId: id, studentId: someId, title, purpose, charges, dueOn: day });
export const runInput = z.object({
  runId: id,
  title,
  charges,
  dueOn: day,
  classIds,
});
export const mealBillInput = z.object({ runId: id, month, dueOn: day, title, classIds });
export const supportInput = z.object({
  support: z
    .object(
      {
        grantId: id,
        studentId: someId,
        amountPerDay: money,
        effectiveFrom: day,
        effectiveUntil: noDay.or(day),
        source,
        citation: line(300),
      },
      'must be given',
    )
    .transform(({ grantId, ...same }): Omit<LunchSupport, 'settledUntil'> => ({ id: grantId, ...same })),
});
export const endSupportInput = z.object({ grantId: id, effectiveUntil: day });
export const accountInput = z.object({ studentId: someId, month });
export const payRefundInput = z.object({ refundId: id, amount: money, bankReference: line(100) });
export const invoiceIdInput = z.object({ invoiceId: id });
export const runIdInput = z.object({ runId: id });
export const attemptIdInput = z.object({ attemptId: id });
export const voidInput = z.object({ invoiceId: someId, reason });
export const resolveInput = z.object({
  suspenseId: someId,
  invoiceId: z
    .literal('')
    .transform(() => undefined)
    .or(someId),
  moneyReceived: z.boolean(),
  reason,
});
export const paymentInput = z.object({
  attemptId: id,
  invoiceId: someId,
  gateway: z.string().max(32),
  amount: money.optional(),
  payerIp: z.string().refine((text) => isIP(text) !== 0, { error: 'must be an IP address' }),
  language: z.enum(['vi', 'en'], 'must be vi or en'),
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

export const pageInput = z.object({ page });
export const invoicesInput = z.object({
  page,
  studentId: z.string().max(64),
  status: z
    .number()
    .refine((value) => value === InvoiceStatus.UNSPECIFIED || statuses.has(value), { error: 'must be a status of an invoice' })
    .transform((value) => statuses.get(value)),
});
export const balancesInput = z.object({ page, prefix: z.string().max(100, 'must be at most 100 characters') });
export const supportsInput = z.object({ page, studentId: z.string().max(64) });
export const refundsInput = z.object({ page, includeClosed: z.boolean() });
export const suspenseInput = z.object({ page, includeResolved: z.boolean() });

export function toToken(next: string | undefined): string {
  return next === undefined ? '' : Buffer.from(next).toString('base64url');
}

function fromToken(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString();
  return toToken(text) === token ? text : undefined;
}
