import type { BillingTx } from '../../tx.ts';

/** Schools with attempts whose time to pay ran out. */
export function findOverdueAttempts(tx: BillingTx): Promise<string[]> {
  return tx.attempts.schoolsWithOverdue(tx.now);
}
