import type { Money } from '@schoolbell/kernel';
import type { Movement } from '../../domain/ledger/ledger.ts';
import type { BillingTx, Page } from '../../tx.ts';

export interface Balances extends Page<Movement> {
  readonly totalDebits: Money;
  readonly totalCredits: Money;
}

/** Run it in a transaction: page and totals must be of one moment, or a payment between two reads would look like a difference. */
export async function listBalances(tx: BillingTx, query: { prefix: string; after: string; size: number }): Promise<Balances> {
  const page = await tx.ledger.balances(query);
  const { debit, credit } = await tx.ledger.totals();
  return { ...page, totalDebits: debit, totalCredits: credit };
}
