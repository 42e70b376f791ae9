import type { FeeItem } from '../../domain/invoices/fees.ts';
import type { BillingTx, Page } from '../../tx.ts';

export function listFeeItems(tx: BillingTx, page: { after: string; size: number }): Promise<Page<FeeItem>> {
  return tx.feeItems.list(page);
}
