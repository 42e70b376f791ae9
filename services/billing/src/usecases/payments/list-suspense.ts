import type { SuspenseItem } from '../../domain/payments/suspense.ts';
import type { BillingTx, Page } from '../../tx.ts';

export function listSuspense(tx: BillingTx, query: { includeResolved: boolean; after: string; size: number }): Promise<Page<SuspenseItem>> {
  return tx.suspense.list(query);
}
