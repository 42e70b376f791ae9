import { lessThan, type Money, schoolDateOf, zero } from '@schoolbell/kernel';
import { type Refund, refundable } from '../../domain/payments/refund.ts';
import type { BillingTx, Page } from '../../tx.ts';

export interface ListedRefund {
  readonly refund: Refund;
  readonly studentName: string;
  /** What is to be paid as of now, or was paid. */
  readonly amount: Money;
}

/** Run it in a transaction: the amounts of a page must be of one moment. */
export async function listRefunds(
  tx: BillingTx,
  { includeClosed, ...page }: { includeClosed: boolean; after: string; size: number },
): Promise<Page<ListedRefund>> {
  const { rows, next } = await tx.refunds.list({ statuses: includeClosed ? ['DUE', 'PAID', 'CLOSED'] : ['DUE'], ...page });
  const ids = [...new Set(rows.map(({ studentId }) => studentId))];
  const names = new Map((await tx.students.findAll(ids)).map(({ id, name }) => [id, name]));
  const months = Map.groupBy(await tx.mealMonths.due(ids), ({ studentId }) => studentId);
  const owed = Map.groupBy(await tx.invoices.owed(ids), ({ studentId }) => studentId);
  const balances = await tx.ledger.credits(ids);
  const today = schoolDateOf(tx.now);
  const dueNow = ({ studentId, leftOn }: Refund): Money => {
    const money = { months: months.get(studentId) ?? [], balance: balances.get(studentId) ?? zero };
    const due = refundable({ ...money, until: undefined, left: { on: leftOn, today } }, owed.get(studentId) ?? []);
    return lessThan(due, zero) ? zero : due;
  };
  const amountOf = (refund: Refund) => (refund.status === 'PAID' ? refund.amount : refund.status === 'DUE' ? dueNow(refund) : zero);
  return { rows: rows.map((refund) => ({ refund, studentName: names.get(refund.studentId) ?? '', amount: amountOf(refund) })), next };
}
