import type { CanteenTx } from '../../tx.ts';

const waitMs = 60_000;

/** A chunk of the walk failed: the others go on, and it is tried again in a minute. */
export async function putOffWalk(tx: CanteenTx, walkId: string): Promise<void> {
  tx.walks.putOff(walkId, new Date(tx.now.getTime() + waitMs));
}
