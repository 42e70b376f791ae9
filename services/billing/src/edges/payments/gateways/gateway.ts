import type { Money } from '@schoolbell/kernel';
import type { PaymentAttempt, PaymentNotice } from '../../../domain/payments/payment.ts';
import type { Answer } from '../../../domain/payments/settlement.ts';

/** What a school has with a gateway: its merchant account, and the secrets that sign for it. */
export interface Merchant {
  readonly schoolId: string;
  readonly schoolCode: string;
  /** The gateway's name for the school: VNPAY's terminal code. */
  readonly account: string;
  readonly secrets: readonly Secret[];
  /** The gateway's page to which a payer is sent. */
  readonly payUrl: string;
  /** Our page to which the gateway sends the payer back. */
  readonly returnUrl: string;
}

/** A shared secret and when it holds; two hold at once while one replaces the other. */
export interface Secret {
  /** What a log may call it. */
  readonly id: string;
  readonly secret: string;
  readonly notBefore: Date | undefined;
  readonly notAfter: Date | undefined;
}

/** What an inbound message turned out to be. Everything but a bad signature and another merchant's is worth keeping. */
export type Reading =
  | { readonly kind: 'NOTICE'; readonly notice: PaymentNotice; readonly secretId: string }
  /** Signed by the gateway, but lacking what it takes to act on it. */
  | {
      readonly kind: 'INCOMPLETE';
      readonly noticeId: string;
      readonly missing: readonly string[];
      /** What can be read of it, where it may tell of money. */
      readonly doubt: PaymentNotice | undefined;
      readonly secretId: string;
    }
  | { readonly kind: 'NO_INPUT' }
  | { readonly kind: 'BAD_SIGNATURE'; readonly why: 'MALFORMED' | 'FIELD_TWICE' | 'NO_SIGNATURE' | 'DIFFERS' }
  | { readonly kind: 'OTHER_MERCHANT'; readonly secretId: string };

/** Told to the gateway where no use case came to an answer. */
export type Fault = 'BAD_SIGNATURE' | 'OUR_FAULT';

/** One gateway: translates between it and the few things the core knows. Pure: no clock, no network. */
export interface Gateway {
  readonly name: string;
  /** Most that one payment may be. */
  readonly amountLimit: Money;
  /** The signed page for an attempt; the same attempt and secret give the same URL. */
  readonly payUrl: (merchant: Merchant, attempt: PaymentAttempt, now: Date) => string;
  /** Reads what the gateway sent, as received and undecoded. */
  readonly read: (merchant: Merchant, raw: string, now: Date) => Reading;
  readonly reply: (answer: Answer | Fault) => { readonly RspCode: string; readonly Message: string };
}

function isValid({ notBefore, notAfter }: Secret, now: Date): boolean {
  return (notBefore === undefined || notBefore <= now) && (notAfter === undefined || now < notAfter);
}

/** All that hold now, the newest first: it signs, each of them verifies. */
export function validSecrets(merchant: Merchant, now: Date): Secret[] {
  const newestFirst = (a: Secret, b: Secret) => (b.notBefore?.getTime() ?? 0) - (a.notBefore?.getTime() ?? 0);
  return merchant.secrets.filter((secret) => isValid(secret, now)).sort(newestFirst);
}

/** Stands for a school code that nobody has: no secret verifies for it. */
export const nobody: Merchant = { schoolId: '', schoolCode: '', account: '', secrets: [], payUrl: '', returnUrl: '' };
