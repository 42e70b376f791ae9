import {
  type FeeItem as FeeItemMessage,
  InvoiceRunStatus,
  type InvoiceRun as RunMessage,
} from '@schoolbell/contracts/school/billing/v1/billing';
import type { FeeItem } from '../../domain/invoices/fees.ts';
import type { InvoiceRun } from '../../domain/invoices/invoice-run.ts';
import { moneyMessage } from '../../events.ts';

export function feeItemMessage({ id, unitPrice, effectiveUntil, ...same }: FeeItem): FeeItemMessage {
  return { feeItemId: id, ...same, unitPrice: moneyMessage(unitPrice), effectiveUntil: effectiveUntil ?? '' };
}

export function runMessage(run: InvoiceRun): RunMessage {
  const { id: runId, title, status, pupils, issued, total, dueOn } = run;
  const mealMonth = run.bills === 'MEALS' ? run.month : '';
  return { runId, title, status: InvoiceRunStatus[status], pupils, issued, total: moneyMessage(total), dueOn, mealMonth };
}
