import { InvoicePurpose, InvoiceStatus } from '@schoolbell/contracts/school/billing/v1/billing';
import { fields, says } from '@schoolbell/service-kit';
import { z } from 'zod';
import type { FeeItem } from '../../domain/invoices/fees.ts';

const { anyChoice, blankOr, choice, day, id, line, page, someId, whole } = fields;

/** Enough for any school, and small enough that a thousand lines of it fit in 64 bits. */
export const amount = fields.money(1n, 10n ** 12n);

const feeCode = z
  .string()
  .refine(
    (text) => /^[A-Z][A-Z0-9_]{0,31}$/.test(text),
    says('must be capitals, digits and _, at most 32', 'chỉ gồm chữ in hoa không dấu, chữ số và dấu _, không quá 32 ký tự'),
  );
const span = { effectiveFrom: day, effectiveUntil: blankOr(day) };
const feeItem = z.object({
  feeItemId: id,
  code: feeCode,
  name: line(300),
  unitPrice: amount,
  unit: line(50),
  ...span,
  citation: line(300),
});
export const feeItemInput = z.object({
  feeItem: feeItem.transform(({ feeItemId, ...same }): FeeItem => ({ id: feeItemId, ...same })),
});
export const feeItemsInput = z.object({ page });

const bill = {
  title: line(200),
  dueOn: day,
  charges: z
    .array(z.object({ feeItemId: someId, quantity: whole(1, 1_000) }))
    .min(1)
    .max(50),
};
export const invoiceInput = z.object({
  ...{ invoiceId: id, studentId: someId, purpose: choice(InvoicePurpose, ['FEES', 'WALLET_TOP_UP']), ...bill },
});
export const voidInput = z.object({ invoiceId: someId, reason: line(500) });
export const invoiceIdInput = z.object({ invoiceId: id });
export const invoicesInput = z.object({
  ...{ page, studentId: blankOr(someId), status: anyChoice(InvoiceStatus, ['OPEN', 'PARTIALLY_PAID', 'PAID', 'VOID']) },
});
export const runInput = z.object({ runId: id, classIds: z.array(someId).max(200), ...bill });
export const runIdInput = z.object({ runId: id });
