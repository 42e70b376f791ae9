import { everySchool } from '@schoolbell/service-kit';
import type { Refund } from '../src/domain/payments/refund.ts';
import { checkRefund } from '../src/usecases/payments/check-refund.ts';
import { type ListedRefund, listRefunds } from '../src/usecases/payments/list-refunds.ts';
import type { Billing } from './given.ts';

/** As the clock does. Answers how many of the school were looked at. */
export async function checkRefunds(billing: Billing): Promise<number> {
  const unchecked = await billing.database.read({ schoolId: everySchool }, (tx) => tx.refunds.unchecked(tx.now, 500));
  const own = unchecked.filter(({ schoolId }) => schoolId === billing.schoolId);
  for (const { refundId } of own) await billing.transact((tx) => checkRefund(tx, refundId));
  return own.length;
}

export async function refundsOf(billing: Billing, includeClosed = false): Promise<readonly ListedRefund[]> {
  return (await billing.transact((tx) => listRefunds(tx, { includeClosed, after: '', size: 100 }))).rows;
}

/** The only refund on the work list. */
export async function onlyRefund(billing: Billing): Promise<{ refund: Refund; amount: bigint }> {
  const [listed, ...others] = await refundsOf(billing);
  if (!listed || others.length > 0) throw new Error(`${others.length} refunds too many, or none`);
  return { refund: listed.refund, amount: listed.amount.minorUnits };
}
