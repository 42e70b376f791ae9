import { err, isZero, type Money, ok, type Result, zero } from '@schoolbell/kernel';
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
  /** Invoice the money was put on, if any. */
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
  /** Receipt of that money. */
  readonly receiptId: string | undefined;
  readonly since: Date;
};

export type ResolveRefused =
  | { readonly code: 'SUSPENSE_ALREADY_RESOLVED'; readonly suspenseId: string }
  | { readonly code: 'SUSPENSE_NEEDS_INVOICE'; readonly suspenseId: string; readonly amount: Money }
  | { readonly code: 'SUSPENSE_HOLDS_NO_MONEY'; readonly suspenseId: string };

export function suspend(
  notice: PaymentNotice,
  reason: SuspenseReason,
  money: { id: string; receiptId: string | undefined; since: Date },
): WaitingItem {
  const { gateway, gatewayTransaction, orderRef } = notice;
  const amount = money.receiptId === undefined ? zero : (notice.amount ?? zero);
  return { ...money, status: 'WAITING', reason, gateway, gatewayTransaction, orderRef, amount };
}

/** The item once the money of its notice can be booked after all; waiting again, where a person had closed the question. */
export function withMoney(item: SuspenseItem, { amount, receiptId }: { amount: Money; receiptId: string }): WaitingItem {
  const { id, reason, gateway, gatewayTransaction, orderRef, since } = item;
  return { id, status: 'WAITING', reason, gateway, gatewayTransaction, orderRef, amount, receiptId, since };
}

/** Money must go on an invoice; an item without money can only be closed. The same decision again changes nothing. */
export function resolve(item: SuspenseItem, decision: Resolution): Result<ResolvedItem, ResolveRefused> {
  if (item.status === 'RESOLVED') {
    const same = item.invoiceId === decision.invoiceId && item.resolution === decision.resolution;
    return same ? ok(item) : err({ code: 'SUSPENSE_ALREADY_RESOLVED', suspenseId: item.id });
  }
  const holdsMoney = !isZero(item.amount);
  if (holdsMoney && decision.invoiceId === undefined)
    return err({ code: 'SUSPENSE_NEEDS_INVOICE', suspenseId: item.id, amount: item.amount });
  if (!holdsMoney && decision.invoiceId !== undefined) return err({ code: 'SUSPENSE_HOLDS_NO_MONEY', suspenseId: item.id });
  return ok({ ...item, status: 'RESOLVED', ...decision });
}
