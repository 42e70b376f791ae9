import { type Hash, sealUp } from '../../domain/ledger/seal.ts';
import type { BillingTx } from '../../tx.ts';

// A transaction lives 60 s at most. What was posted longer ago than that, and a little for clocks that differ, can have nothing
// posted before it any more, so the order in which entries are sealed is final.
const restMs = 120_000;

/** Seals the oldest entries that are not sealed yet, at most `limit`. Answers whether there may be more. */
export async function sealLedger(tx: BillingTx, { hash, limit }: { hash: Hash; limit: number }): Promise<boolean> {
  const last = await tx.seals.last();
  const txns = await tx.ledger.after(last?.until, { before: new Date(tx.now.getTime() - restMs), limit });
  if (txns.length === 0) return false;
  tx.seals.insert(sealUp(last, txns, hash));
  return txns.length === limit;
}
