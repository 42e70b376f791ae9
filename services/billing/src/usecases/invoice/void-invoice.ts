import { err, ok, type Result } from '@schoolbell/kernel';
import { type Invoice, issuePostings, type VoidRefused, voidInvoice as voided } from '../../domain/invoice.ts';
import { ledgerTxn, reversed } from '../../domain/ledger.ts';
import { invoiceVoided } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

export type VoidInvoiceRefused = VoidRefused | { readonly code: 'INVOICE_NOT_FOUND'; readonly invoiceId: string };

export async function voidInvoice(
  tx: BillingTx,
  input: { invoiceId: string; reason: string },
): Promise<Result<Invoice, VoidInvoiceRefused>> {
  const { invoiceId, reason } = input;
  const invoice = await tx.invoices.find(invoiceId);
  if (!invoice) return err({ code: 'INVOICE_NOT_FOUND', invoiceId });
  if (invoice.status === 'VOID') return ok(invoice);
  const result = voided(invoice, reason, tx.now);
  if (!result.ok) return result;

  const entry = {
    id: tx.newId(),
    reference: `void:${invoiceId}`,
    kind: 'INVOICE_VOIDED',
    effectiveAt: tx.now,
    postedAt: tx.now,
    causationId: invoiceId,
  } as const;
  tx.invoices.save(result.value);
  tx.ledger.append([ledgerTxn({ ...entry, postings: reversed(issuePostings(invoice)) })]);
  tx.emit(invoiceVoided(result.value));
  return ok(result.value);
}
