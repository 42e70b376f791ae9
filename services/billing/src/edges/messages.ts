import {
  type InvoiceRun as InvoiceRunMessage,
  InvoiceRunStatus,
  type MealPortion,
  MealPortionStatus,
  type Refund as RefundMessage,
  RefundStatus,
  type LunchSupport as SupportMessage,
  SupportSource,
} from '@schoolbell/contracts/school/billing/v1/billing';
import { zero } from '@schoolbell/kernel';
import type { InvoiceRun } from '../domain/invoices/invoice-run.ts';
import { chargedFor, type Portion } from '../domain/meals/portion.ts';
import type { LunchSupport } from '../domain/meals/support.ts';
import { moneyMessage } from '../events.ts';
import type { ListedRefund } from '../usecases/payments/list-refunds.ts';

export function runMessage(run: InvoiceRun): InvoiceRunMessage {
  const { id: runId, title, status, pupils, issued, total, dueOn } = run;
  const mealMonth = run.bills === 'MEALS' ? run.month : '';
  return { runId, title, status: InvoiceRunStatus[status], pupils, issued, total: moneyMessage(total), dueOn, mealMonth };
}

export function portionMessage(portion: Portion): MealPortion {
  const { bookingId, date, meal, status, price, credited, supported, charges } = portion;
  return {
    bookingId,
    date,
    meal,
    status: MealPortionStatus[status],
    price: moneyMessage(price),
    charged: moneyMessage(chargedFor(portion)),
    credited: moneyMessage(credited),
    supported: moneyMessage(supported?.amount ?? zero),
    invoiceIds: charges.map(({ invoiceId }) => invoiceId),
  };
}

export function supportMessage({ id: grantId, amountPerDay, effectiveUntil, source, ...right }: LunchSupport): SupportMessage {
  const { studentId, effectiveFrom, citation } = right;
  const span = { effectiveFrom, effectiveUntil: effectiveUntil ?? '' };
  return { grantId, studentId, amountPerDay: moneyMessage(amountPerDay), ...span, source: SupportSource[source], citation };
}

export function refundMessage({ refund, studentName, amount }: ListedRefund): RefundMessage {
  const { id: refundId, studentId, leftOn, dueOn, status } = refund;
  const paid = refund.status === 'PAID' ? refund : { bankReference: '', paidAt: undefined, paidBy: '' };
  return {
    ...{ refundId, studentId, studentName, leftOn, dueOn, amount: moneyMessage(amount) },
    status: status === 'WATCHED' ? RefundStatus.DUE : RefundStatus[status],
    ...{ bankReference: paid.bankReference, paidAt: paid.paidAt, paidBy: paid.paidBy },
  };
}
