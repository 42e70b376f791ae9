import type { CanteenTx } from '../../tx.ts';

/** Plans that the clock has to look at, of every school. */
export function findDuePlans(tx: CanteenTx, limit: number): Promise<{ schoolId: string; planId: string }[]> {
  return tx.plans.due(tx.now, limit);
}
