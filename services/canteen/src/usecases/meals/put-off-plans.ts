import type { CanteenTx } from '../../tx.ts';

const waitMs = 60_000;

/** Laying these out failed: the others go on, and they are tried again in a minute. */
export async function putOffPlans(tx: CanteenTx, planIds: readonly string[]): Promise<void> {
  tx.plans.putOff(planIds, new Date(tx.now.getTime() + waitMs));
}
