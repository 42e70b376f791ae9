import { err, ok, type Result, type SchoolDate, schoolDateOf, zero } from '@schoolbell/kernel';
import type { InvoiceRun } from '../../domain/invoices/invoice-run.ts';
import type { Month } from '../../domain/meals/meal.ts';
import type { BillingTx } from '../../tx.ts';

export interface MealBillOrder {
  readonly runId: string;
  readonly month: Month;
  readonly dueOn: SchoolDate;
  readonly title: string;
  /** Empty for the whole school. */
  readonly classIds: readonly string[];
}

export type MealBillRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'NO_PUPILS' }
  | { readonly code: 'DUE_DATE_PAST'; readonly dueOn: SchoolDate; readonly today: SchoolDate };

/** Writes down which month is to be billed; the clock does it, chunk by chunk. */
export async function startMealBillRun(tx: BillingTx, order: MealBillOrder): Promise<Result<InvoiceRun, MealBillRefused>> {
  const { runId: id, month, title, dueOn, classIds } = order;
  const earlier = await tx.invoiceRuns.find(id);
  if (earlier) return isOrderedBy(earlier, order) ? ok(earlier) : err({ code: 'ID_REUSED', id });

  const today = schoolDateOf(tx.now);
  if (dueOn < today) return err({ code: 'DUE_DATE_PAST', dueOn, today });
  const pupils = await tx.students.countEnrolled(classIds);
  if (pupils === 0) return err({ code: 'NO_PUPILS' });

  const begun = { startedAt: tx.now, pupils, issued: 0, total: zero, cursor: '', version: 1 };
  const run: InvoiceRun = { id, bills: 'MEALS', month, title, dueOn, classIds, ...begun, status: 'RUNNING' };
  tx.invoiceRuns.insert(run);
  return ok(run);
}

function isOrderedBy(run: InvoiceRun, { month, title, dueOn, classIds }: MealBillOrder): boolean {
  const same = run.title === title && run.dueOn === dueOn && run.classIds.join() === classIds.join();
  return same && run.bills === 'MEALS' && run.month === month;
}
