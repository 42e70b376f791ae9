import { expire } from '../../domain/payments/payment.ts';
import type { BillingTx } from '../../tx.ts';

/** Marks attempts whose time to pay ran out, at most `limit`. Money that comes later is still taken. Answers whether there may be more. */
export async function expireAttempts(tx: BillingTx, limit: number): Promise<boolean> {
  const overdue = await tx.attempts.overdue(tx.now, limit);
  for (const attempt of overdue) tx.attempts.save(expire(attempt));
  return overdue.length === limit;
}
