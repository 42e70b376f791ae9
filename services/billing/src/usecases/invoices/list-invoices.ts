import type { Invoice } from '../../domain/invoices/invoice.ts';
import type { BillingTx, Page } from '../../tx.ts';

export interface InvoiceQuery {
  readonly studentId?: string;
  readonly status?: Invoice['status'];
  readonly after: string;
  readonly size: number;
}

export function listInvoices(tx: BillingTx, query: InvoiceQuery): Promise<Page<Invoice>> {
  return tx.invoices.list(query);
}
