import { unlike } from '../../domain/ledger/ledger.ts';
import type { BillingTx } from '../../tx.ts';

/** Accounts whose balance is not what their postings add up to: none, unless somebody wrote past the ledger. */
export async function checkBalances(tx: BillingTx): Promise<string[]> {
  const { posted, balances } = await tx.ledger.sums();
  return unlike(posted, balances);
}
