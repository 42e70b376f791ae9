import type { CanteenTx } from '../../tx.ts';

/** Walks that go on now, of every school. */
export function findDueWalks(tx: CanteenTx, limit: number): Promise<{ schoolId: string; walkId: string }[]> {
  return tx.walks.due(tx.now, limit);
}
