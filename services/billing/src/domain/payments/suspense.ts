import { err, isPositive, isZero, type Money, ok, type Result, zero } from '@schoolbell/kernel';
import type { PaymentNotice } from './payment.ts';

export type SuspenseReason = 'UNKNOWN_ORDER' | 'AMOUNT_DIFFERS' | 'HELD_BY_GATEWAY' | 'OUTCOME_UNKNOWN' | 'TRANSACTION_DIFFERS';

/** An item of the work list: verified money that fits nowhere yet, or a notice that a person must look at. */
export type SuspenseItem = WaitingItem | ResolvedItem;
export type WaitingItem = ItemBase & { readonly status: 'WAITING' };
export type ResolvedItem = ItemBase & { readonly status: 'RESOLVED' } & Resolution;

export type Resolution = {
  readonly resolvedAt: Date;
  /** Why so, in a person's words or the gateway's. */
  readonly resolution: string;
  /** Subject of the caller; "gateway" where a later notice settled it. */
  readonly resolvedBy: string;
  /** Invoice the money went on, if any. */
  readonly invoiceId: string | undefined;
};

type ItemBase = {
  readonly id: string;
  readonly reason: SuspenseReason;
  readonly gateway: string;
  readonly gatewayTransaction: string;
  readonly orderRef: string;
  /** What stands in suspense:unapplied for it; nothing where no money is booked. */
  readonly amount: Money;
  /** What the gateway's notice named, booked or not; undefined where that was no whole number of đồng. */
  readonly namedAmount: Money | undefined;
  /** When the payer paid, as that notice says. */
  readonly paidAt: Date | undefined;
  /** Receipt of the money, once it is booked. */
  readonly receiptId: string | undefined;
  readonly since: Date;
};

/** What a person decides. `moneyReceived`: the gateway's own statement shows the money of an item for which none is booked. */
export type Decision = Resolution & { readonly moneyReceived: boolean };

export type ResolveRefused =
  | { readonly code: 'SUSPENSE_ALREADY_RESOLVED'; readonly suspenseId: string }
  | { readonly code: 'SUSPENSE_NEEDS_INVOICE'; readonly suspenseId: string; readonly amount: Money }
  | { readonly code: 'SUSPENSE_HOLDS_NO_MONEY'; readonly suspenseId: string }
  | { readonly code: 'SUSPENSE_HOLDS_MONEY'; readonly suspenseId: string; readonly amount: Money }
  | { readonly code: 'SUSPENSE_NAMES_NO_AMOUNT'; readonly suspenseId: string }
  | { readonly code: 'SUSPENSE_NAMES_NO_TRANSACTION'; readonly suspenseId: string };

export function suspend(
  notice: PaymentNotice,
  reason: SuspenseReason,
  money: { id: string; receiptId: string | undefined; since: Date },
): WaitingItem {
  const { gateway, gatewayTransaction, orderRef, amount: namedAmount, paidAt } = notice;
  const amount = money.receiptId === undefined ? zero : (namedAmount ?? zero);
  return { ...money, status: 'WAITING', reason, gateway, gatewayTransaction, orderRef, amount, namedAmount, paidAt };
}

/** The item once the money of its notice can be booked after all; waiting again, where a person had closed the question. */
export function withMoney(item: SuspenseItem, { amount, receiptId }: { amount: Money; receiptId: string }): WaitingItem {
  const { id, reason, gateway, gatewayTransaction, orderRef, paidAt, since } = item;
  return { id, status: 'WAITING', reason, gateway, gatewayTransaction, orderRef, amount, namedAmount: amount, paidAt, receiptId, since };
}

/** The item ended. */
export function ended(item: SuspenseItem, resolution: Resolution, receiptId = item.receiptId): ResolvedItem {
  return { ...item, status: 'RESOLVED', ...resolution, receiptId };
}

/**
 * Money must go on an invoice. An item without money can be closed, or booked by who has seen the money; the latter also where it was
 * closed too early. The same decision again changes nothing.
 */
export function resolve(item: SuspenseItem, { moneyReceived, ...resolution }: Decision): Result<ResolvedItem, ResolveRefused> {
  const { invoiceId, resolution: reason } = resolution;
  if (item.status === 'RESOLVED') {
    if (item.invoiceId === invoiceId && item.resolution === reason && wasSeen(item) === moneyReceived) return ok(item);
    if (item.receiptId !== undefined || !moneyReceived) return err({ code: 'SUSPENSE_ALREADY_RESOLVED', suspenseId: item.id });
  }
  const refusal = moneyReceived ? whyNotBooked(item, invoiceId) : whyNotEnded(item, invoiceId);
  return refusal ? err(refusal) : ok(ended(item, resolution));
}

function whyNotBooked(item: SuspenseItem, invoiceId: string | undefined): ResolveRefused | undefined {
  const { id: suspenseId, amount, namedAmount, gatewayTransaction } = item;
  if (!isZero(amount)) return { code: 'SUSPENSE_HOLDS_MONEY', suspenseId, amount };
  if (!namedAmount || !isPositive(namedAmount)) return { code: 'SUSPENSE_NAMES_NO_AMOUNT', suspenseId };
  // Gateways number a transaction that came to nothing 0, or not at all: the notice of its success would then look like other money.
  if (/^0*$/.test(gatewayTransaction)) return { code: 'SUSPENSE_NAMES_NO_TRANSACTION', suspenseId };
  return invoiceId === undefined ? { code: 'SUSPENSE_NEEDS_INVOICE', suspenseId, amount: namedAmount } : undefined;
}

function whyNotEnded({ id: suspenseId, amount }: SuspenseItem, invoiceId: string | undefined): ResolveRefused | undefined {
  if (isZero(amount)) return invoiceId === undefined ? undefined : { code: 'SUSPENSE_HOLDS_NO_MONEY', suspenseId };
  return invoiceId === undefined ? { code: 'SUSPENSE_NEEDS_INVOICE', suspenseId, amount } : undefined;
}

/** Money that never stood in suspense was booked because somebody had seen it. */
function wasSeen({ amount, receiptId }: ResolvedItem): boolean {
  return isZero(amount) && receiptId !== undefined;
}
