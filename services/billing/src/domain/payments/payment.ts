import { equal, err, isPositive, lessThan, type Money, ok, type Result } from '@schoolbell/kernel';
import { type Invoice, outstanding } from '../invoices/invoice.ts';

/** What a gateway says of one order, its signature verified. */
export type PaymentNotice = {
  /** The same for every copy of the same notice. */
  readonly id: string;
  readonly gateway: string;
  readonly orderRef: string;
  /** Undefined where the gateway's figure is no whole number of đồng. */
  readonly amount: Money | undefined;
  readonly gatewayTransaction: string;
  readonly outcome: NoticeOutcome;
  /** When the payer paid, as the gateway says. */
  readonly paidAt: Date | undefined;
};

/**
 * SUCCEEDED: the money is there. FAILED: nothing was paid. HELD: debited, but the gateway suspects fraud.
 * UNKNOWN: debited at the bank, not successful at the gateway.
 */
export type NoticeOutcome = 'SUCCEEDED' | 'FAILED' | 'HELD' | 'UNKNOWN';

/** One attempt to pay an invoice through a gateway; its order reference is what the gateway knows it by. */
export type PaymentAttempt = AttemptBase & AttemptState;

export type AttemptState =
  | { readonly status: 'PENDING' }
  | { readonly status: 'EXPIRED' }
  | { readonly status: 'FAILED' | 'HELD' | 'UNKNOWN'; readonly settledAt: Date; readonly gatewayTransaction: string }
  | { readonly status: 'SUCCEEDED'; readonly settledAt: Date; readonly gatewayTransaction: string; readonly receiptId: string };

type AttemptBase = {
  readonly id: string;
  readonly orderRef: string;
  readonly invoiceId: string;
  readonly studentId: string;
  readonly gateway: string;
  readonly amount: Money;
  /** True when the caller asked for all that is owed instead of naming an amount. */
  readonly wholeAmount: boolean;
  /** What is shown to the payer at the gateway. */
  readonly orderInfo: string;
  readonly payerIp: string;
  readonly language: 'vi' | 'en';
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** When the first verified notice for it was kept. */
  readonly noticeAt: Date | undefined;
  readonly version: number;
};

/** Money that came in, once per gateway transaction. */
export type Receipt = {
  readonly id: string;
  readonly gateway: string;
  readonly gatewayTransaction: string;
  readonly orderRef: string;
  readonly amount: Money;
  readonly paidAt: Date;
  readonly receivedAt: Date;
  readonly placement: Placement;
};

export type Placement =
  | { readonly at: 'SUSPENSE'; readonly suspenseId: string }
  | { readonly at: 'INVOICE'; readonly invoiceId: string; readonly studentId: string; readonly applied: Money; readonly excess: Money };

export type PaymentRefused =
  | { readonly code: 'INVOICE_ALREADY_PAID'; readonly invoiceId: string }
  | { readonly code: 'INVOICE_IS_VOID'; readonly invoiceId: string }
  | { readonly code: 'AMOUNT_NOT_POSITIVE' }
  | { readonly code: 'AMOUNT_OVER_OUTSTANDING'; readonly outstanding: Money }
  | { readonly code: 'AMOUNT_OVER_GATEWAY_LIMIT'; readonly limit: Money };

// A notice moves an attempt only upwards: success is final and always believed, because the money is real;
// a failure that comes after it is an old message, not news.
const ranks = { PENDING: 0, EXPIRED: 1, FAILED: 2, UNKNOWN: 3, HELD: 4, SUCCEEDED: 5 } as const satisfies Record<
  PaymentAttempt['status'],
  number
>;

/** True when `outcome` is news for the attempt. */
export function isNews(attempt: PaymentAttempt, outcome: NoticeOutcome): boolean {
  return ranks[outcome] > ranks[attempt.status];
}

/** The attempt in its new state; the caller has checked that it is news. */
export function moveTo(attempt: PaymentAttempt, state: AttemptState, noticeAt: Date): PaymentAttempt {
  return { ...attemptBase(attempt), ...state, noticeAt: attempt.noticeAt ?? noticeAt, version: attempt.version + 1 };
}

/** The time to pay ran out; only an attempt without an outcome expires. */
export function expire(attempt: PaymentAttempt): PaymentAttempt {
  return attempt.status === 'PENDING' ? { ...attempt, status: 'EXPIRED', version: attempt.version + 1 } : attempt;
}

/** The attempt with the time of its first notice, where that is new. */
export function noticed(attempt: PaymentAttempt, noticeAt: Date): PaymentAttempt {
  return attempt.noticeAt ? attempt : { ...attempt, noticeAt, version: attempt.version + 1 };
}

/** How much an attempt may ask for: all that is owed, or the part the payer wants to pay. */
export function amountToAsk(invoice: Invoice, wanted: Money | undefined, limit: Money): Result<Money, PaymentRefused> {
  if (invoice.status === 'PAID') return err({ code: 'INVOICE_ALREADY_PAID', invoiceId: invoice.id });
  if (invoice.status === 'VOID') return err({ code: 'INVOICE_IS_VOID', invoiceId: invoice.id });
  const owed = outstanding(invoice);
  const amount = wanted ?? owed;
  if (!isPositive(amount)) return err({ code: 'AMOUNT_NOT_POSITIVE' });
  if (lessThan(owed, amount)) return err({ code: 'AMOUNT_OVER_OUTSTANDING', outstanding: owed });
  if (lessThan(limit, amount)) return err({ code: 'AMOUNT_OVER_GATEWAY_LIMIT', limit });
  return ok(amount);
}

/** True when a notice is about the money that the receipt is for. */
export function isSameMoney(receipt: Receipt, notice: PaymentNotice): boolean {
  return receipt.orderRef === notice.orderRef && notice.amount !== undefined && equal(receipt.amount, notice.amount);
}

/**
 * The order reference given to the gateway. The school's code stands in front, so that a notice leads to the school's own
 * shard; the rest is the attempt's UUID, so it never repeats.
 */
export function orderRefOf(schoolCode: string, attemptId: string): string {
  return `${schoolCode}-${attemptId.replaceAll('-', '')}`;
}

/** Plain ASCII, as gateways demand, and without the pupil's name. */
export function orderInfoOf(schoolCode: string, invoiceId: string): string {
  return `Thanh toan hoa don ${invoiceId.slice(-12)} truong ${schoolCode}`;
}

function attemptBase(attempt: PaymentAttempt): AttemptBase {
  const {
    id,
    orderRef,
    invoiceId,
    studentId,
    gateway,
    amount,
    wholeAmount,
    orderInfo,
    payerIp,
    language,
    createdAt,
    expiresAt,
    noticeAt,
    version,
  } = attempt;
  return {
    id,
    orderRef,
    invoiceId,
    studentId,
    gateway,
    amount,
    wholeAmount,
    orderInfo,
    payerIp,
    language,
    createdAt,
    expiresAt,
    noticeAt,
    version,
  };
}

export interface Kept {
  readonly notice: PaymentNotice;
  /** When this copy of it was kept; where a copy came before, the first one counts. */
  readonly keptAt: Date;
}
