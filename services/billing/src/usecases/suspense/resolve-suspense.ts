import { err, ok, type Result } from '@schoolbell/kernel';
import type { Invoice } from '../../domain/invoice.ts';
import { ledgerTxn, suspense } from '../../domain/ledger.ts';
import type { Receipt } from '../../domain/payment.ts';
import { place } from '../../domain/settlement.ts';
import { type ResolvedItem, type ResolveRefused, resolve } from '../../domain/suspense.ts';
import { moneyPlaced, suspenseResolved } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

export interface Decision {
  readonly suspenseId: string;
  /** Undefined to close an item for which no money is booked. */
  readonly invoiceId: string | undefined;
  readonly reason: string;
  /** Subject of the caller. */
  readonly decidedBy: string;
}

export type ResolveSuspenseRefused =
  | ResolveRefused
  | { readonly code: 'SUSPENSE_NOT_FOUND'; readonly suspenseId: string }
  | { readonly code: 'INVOICE_NOT_FOUND'; readonly invoiceId: string };

/** A person decides where money in suspense belongs. What the invoice does not take becomes the pupil's credit. */
export async function resolveSuspense(tx: BillingTx, decision: Decision): Promise<Result<ResolvedItem, ResolveSuspenseRefused>> {
  const { suspenseId, invoiceId, reason: resolution, decidedBy: resolvedBy } = decision;
  const item = await tx.suspense.find(suspenseId);
  if (!item) return err({ code: 'SUSPENSE_NOT_FOUND', suspenseId });
  const resolved = resolve(item, { resolvedAt: tx.now, resolution, resolvedBy, invoiceId });
  if (!resolved.ok || item.status === 'RESOLVED') return resolved;

  if (invoiceId !== undefined) {
    const invoice = await tx.invoices.find(invoiceId);
    if (!invoice) return err({ code: 'INVOICE_NOT_FOUND', invoiceId });
    const receipt = item.receiptId === undefined ? undefined : await tx.receipts.find(item.receiptId);
    if (!receipt) throw new Error(`Suspense item ${suspenseId} holds money without a receipt`);
    putOn(tx, invoice, { receipt, suspenseId });
  }
  tx.suspense.resolved(resolved.value);
  tx.emit(suspenseResolved(resolved.value));
  return ok(resolved.value);
}

function putOn(tx: BillingTx, invoice: Invoice, money: { receipt: Receipt; suspenseId: string }): void {
  const { suspenseId } = money;
  const { amount, paidAt } = money.receipt;
  const placed = place(invoice, { from: suspense, amount, paidAt });
  const { applied, excess } = placed;
  const receipt: Receipt = {
    ...money.receipt,
    placement: { at: 'INVOICE', invoiceId: invoice.id, studentId: invoice.studentId, applied, excess },
  };

  tx.receipts.placed(receipt);
  if (placed.invoice !== invoice) tx.invoices.save(placed.invoice);
  const entry = {
    id: tx.newId(),
    reference: `suspense:${suspenseId}`,
    kind: 'SUSPENSE_RESOLVED',
    effectiveAt: tx.now,
    postedAt: tx.now,
    causationId: suspenseId,
  } as const;
  tx.ledger.append([ledgerTxn({ ...entry, postings: placed.postings })]);
  for (const event of moneyPlaced(receipt, placed)) tx.emit(event);
}
