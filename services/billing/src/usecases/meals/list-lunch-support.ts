import type { LunchSupport } from '../../domain/meals/support.ts';
import type { BillingTx, Page } from '../../tx.ts';

export function listLunchSupport(tx: BillingTx, query: { studentId?: string; after: string; size: number }): Promise<Page<LunchSupport>> {
  return tx.supports.list(query);
}
