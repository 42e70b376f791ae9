import { err, ok, type Result } from '@schoolbell/kernel';
import type { Invoice } from '../../domain/invoices/invoice.ts';
import type { BillingTx } from '../../tx.ts';

export type InvoiceNotFound = { readonly code: 'INVOICE_NOT_FOUND'; readonly invoiceId: string };

export async function getInvoice(tx: BillingTx, invoiceId: string): Promise<Result<Invoice, InvoiceNotFound>> {
  const invoice = await tx.invoices.find(invoiceId);
  return invoice ? ok(invoice) : err({ code: 'INVOICE_NOT_FOUND', invoiceId });
}
