import { err, ok, type Result } from '@schoolbell/kernel';
import type { Invoice } from '../../domain/invoices/invoice.ts';
import { bookOn, type Cause, type PlacedBooking } from '../../domain/ledger/booking.ts';
import { misfitOf } from '../../domain/payments/settlement.ts';
import { type ResolvedItem, type ResolveRefused, resolve, type SuspenseItem } from '../../domain/payments/suspense.ts';
import { moneyPlaced, suspenseResolved } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

export interface Decision {
  readonly suspenseId: string;
  /** Undefined to close an item for which no money is booked. */
  readonly invoiceId: string | undefined;
  /** The gateway's own statement shows the money of an item for which none is booked. */
  readonly moneyReceived: boolean;
  readonly reason: string;
  /** Subject of the caller. */
  readonly decidedBy: string;
}

export type ResolveSuspenseRefused =
  | ResolveRefused
  | { readonly code: 'SUSPENSE_NOT_FOUND'; readonly suspenseId: string }
  | { readonly code: 'INVOICE_NOT_FOUND'; readonly invoiceId: string }
  | { readonly code: 'TRANSACTION_ALREADY_BOOKED'; readonly gatewayTransaction: string; readonly receiptId: string };

/** A person decides where the money of an item belongs, or that there is none. What an invoice does not take becomes the pupil's credit. */
export async function resolveSuspense(tx: BillingTx, decision: Decision): Promise<Result<ResolvedItem, ResolveSuspenseRefused>> {
  const { suspenseId, invoiceId, moneyReceived, reason: resolution, decidedBy: resolvedBy } = decision;
  const item = await tx.suspense.find(suspenseId);
  if (!item) return err({ code: 'SUSPENSE_NOT_FOUND', suspenseId });
  const resolved = resolve(item, { resolvedAt: tx.now, resolution, resolvedBy, invoiceId, moneyReceived });
  if (!resolved.ok || resolved.value === item) return resolved;
  if (invoiceId === undefined) return end(tx, item, resolved.value);

  const invoice = await tx.invoices.find(invoiceId);
  if (!invoice) return err({ code: 'INVOICE_NOT_FOUND', invoiceId });
  const cause = { now: tx.now, entryId: tx.newId(), causationId: suspenseId };
  const booking = moneyReceived ? await bookSeen(tx, invoice, { item, cause }) : ok(await bookSuspended(tx, invoice, { item, cause }));
  if (!booking.ok) return booking;

  tx.settlements.place(booking.value);
  for (const event of moneyPlaced(booking.value)) tx.emit(event);
  return end(tx, item, { ...resolved.value, receiptId: booking.value.receipt.id });
}

interface Case {
  readonly item: SuspenseItem;
  readonly cause: Cause;
}

async function bookSuspended(tx: BillingTx, invoice: Invoice, { item, cause }: Case): Promise<PlacedBooking> {
  const receipt = item.receiptId === undefined ? undefined : await tx.receipts.find(item.receiptId);
  if (!receipt) throw new Error(`Suspense item ${item.id} holds money without a receipt`);
  return bookOn(invoice, receipt, { suspenseId: item.id }, cause);
}

/** Under the gateway's own number of the transaction, so that a later notice of its success finds the money booked. */
async function bookSeen(
  tx: BillingTx,
  invoice: Invoice,
  { item, cause }: Case,
): Promise<Result<PlacedBooking, ResolveSuspenseRefused & { code: 'TRANSACTION_ALREADY_BOOKED' }>> {
  const { gateway, gatewayTransaction, orderRef, namedAmount: amount, paidAt = tx.now, since } = item;
  if (!amount) throw new Error(`Suspense item ${item.id} names no amount`);
  const booked = await tx.receipts.ofTransaction(gateway, gatewayTransaction);
  if (booked) return err({ code: 'TRANSACTION_ALREADY_BOOKED', gatewayTransaction, receiptId: booked.id });
  const attempt = await tx.attempts.findByOrder(orderRef);
  const isOrdered = attempt && misfitOf({ gateway, amount }, attempt) === undefined;
  const money = { id: tx.newId(), gateway, gatewayTransaction, orderRef, amount, paidAt, receivedAt: tx.now };
  return ok(bookOn(invoice, money, isOrdered ? { by: { attempt, noticeAt: since } } : {}, cause));
}

function end(tx: BillingTx, item: SuspenseItem, resolved: ResolvedItem): Result<ResolvedItem, never> {
  tx.suspense.resolved(resolved, item);
  tx.emit(suspenseResolved(resolved));
  return ok(resolved);
}
