import { isIP } from 'node:net';
import { fields, says } from '@schoolbell/service-kit';
import { z } from 'zod';
import { amount } from '../invoices/input.ts';

const { blankOr, id, line, page, someId } = fields;

const payerIp = z.string().refine((text) => isIP(text) !== 0, says('must be an IP address', 'phải là địa chỉ IP'));
export const paymentInput = z.object({
  ...{
    attemptId: id,
    invoiceId: someId,
    gateway: z.string().max(32),
    amount: amount.optional().transform((given) => given),
    payerIp,
    language: z.enum(['vi', 'en']),
  },
});
export const attemptIdInput = z.object({ attemptId: id });

export const suspenseInput = z.object({ page, includeResolved: z.boolean() });
export const resolveInput = z.object({
  ...{ suspenseId: someId, invoiceId: blankOr(someId), moneyReceived: z.boolean(), reason: line(500) },
});

export const refundsInput = z.object({ page, includeClosed: z.boolean() });
export const payRefundInput = z.object({ refundId: id, amount, bankReference: line(100) });
