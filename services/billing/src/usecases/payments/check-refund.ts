import { isPositive, type Money, schoolDateOf, zero } from '@schoolbell/kernel';
import { nextCheckAt, type OpenRefund, refundable } from '../../domain/payments/refund.ts';
import { refundRequested } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

/** Looks whether a pupil who left has money with the school, and asks for it to be paid out, once. */
export async function checkRefund(tx: BillingTx, refundId: string): Promise<void> {
  const refund = await tx.refunds.find(refundId);
  if (refund?.status !== 'WATCHED' && refund?.status !== 'DUE') return;
  const student = await tx.students.find(refund.studentId);
  if (student?.enrolled) return tx.refunds.save({ ...refund, status: 'CLOSED', closedAt: tx.now, why: 'CAME_BACK' });

  const amount = await amountOf(tx, refund);
  const checkAt = nextCheckAt(refund.since, tx.now);
  if (!isPositive(amount)) {
    // `requestedAt` stays: money that comes later is not announced a second time.
    const next = checkAt
      ? ({ status: 'WATCHED', checkAt } as const)
      : ({ status: 'CLOSED', closedAt: tx.now, why: 'NOTHING_LEFT' } as const);
    return tx.refunds.save({ ...refund, ...next });
  }
  const due = { ...refund, status: 'DUE', checkAt: checkAt ?? dayAfter(tx.now), requestedAt: refund.requestedAt ?? tx.now } as const;
  tx.refunds.save(due);
  if (!refund.requestedAt) tx.emit(refundRequested(due, { name: student?.name ?? '', amount }));
}

async function amountOf(tx: BillingTx, { studentId, leftOn }: OpenRefund): Promise<Money> {
  const months = await tx.mealMonths.due([studentId]);
  const balance = (await tx.ledger.credits([studentId])).get(studentId) ?? zero;
  const owed = await tx.invoices.owed([studentId]);
  return refundable({ months, balance, until: undefined, left: { on: leftOn, today: schoolDateOf(tx.now) } }, owed);
}

function dayAfter(now: Date): Date {
  return new Date(now.getTime() + 86_400_000);
}
