import type { BillingTx } from '../../tx.ts';

/** Schools that have a ledger, to look for entries that are not sealed yet. */
export function findLedgerSchools(tx: BillingTx): Promise<string[]> {
  return tx.ledger.schools();
}
