import type { AttendanceTx } from '../tx.ts';

const waitMs = 60_000;

/** A class of the walk failed: other schools go on, and it is tried again in a minute. */
export async function putOffWalk(tx: AttendanceTx, walkId: string): Promise<void> {
  tx.walks.putOff(walkId, new Date(tx.now.getTime() + waitMs));
}
