import { toGatewayTime } from './clock.ts';
import type { PayRequest } from './pay-request.ts';
import { type Parameters, sign } from './signature.ts';

/** vnp_ResponseCode and vnp_TransactionStatus of one way in which a payment can end. */
export interface Outcome {
  readonly responseCode: string;
  readonly transactionStatus: string;
}

const paid: Outcome = { responseCode: '00', transactionStatus: '00' };
const cancelled: Outcome = { responseCode: '24', transactionStatus: '02' };
export const timeRanOut: Outcome = { responseCode: '11', transactionStatus: '02' };

/** 07 is the odd one: the payer was debited, but VNPAY suspects fraud. */
const failures: Readonly<Record<string, Outcome>> = {
  '07': { responseCode: '07', transactionStatus: '07' },
  ...Object.fromEntries(
    ['09', '10', '11', '12', '13', '24', '51', '65', '75', '79', '99'].map((code) => [
      code,
      { responseCode: code, transactionStatus: '02' },
    ]),
  ),
};

/** What the payer's button, or a script's form, asks for; undefined for anything else. A failure without a code lacks funds (51). */
export function outcomeWanted(form: URLSearchParams): Outcome | undefined {
  switch (form.get('outcome')) {
    case 'pay':
      return paid;
    case 'cancel':
      return cancelled;
    case 'fail':
      return failures[form.get('code') ?? '51'];
    default:
      return undefined;
  }
}

export interface Decided {
  readonly outcome: Outcome;
  readonly transactionNo: string;
  readonly decidedAt: Date;
}

/** The parameters of the IPN and of the return URL, signed: VNPAY sends the same in both. */
export function noticeOf(request: PayRequest, { outcome, transactionNo, decidedAt }: Decided): Parameters {
  const debited = outcome === paid || outcome.responseCode === '07';
  const parameters = {
    vnp_TmnCode: request.merchant.tmnCode,
    vnp_Amount: request.amount,
    vnp_BankCode: request.bankCode && request.bankCode !== 'VNBANK' ? request.bankCode : 'NCB',
    ...(debited ? { vnp_BankTranNo: `VNP${transactionNo}` } : {}),
    vnp_CardType: request.bankCode === 'VNPAYQR' ? 'QRCODE' : 'ATM',
    vnp_PayDate: toGatewayTime(decidedAt),
    vnp_OrderInfo: request.orderInfo,
    vnp_TransactionNo: transactionNo,
    vnp_ResponseCode: outcome.responseCode,
    vnp_TransactionStatus: outcome.transactionStatus,
    vnp_TxnRef: request.txnRef,
  };
  return { ...parameters, vnp_SecureHash: sign(parameters, request.merchant.hashSecret) };
}

export function withParameters(url: string, parameters: Parameters): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  return target.href;
}

let last = 0n;

/** Numeric, at most 15 digits, never twice: not even after a restart, because it starts from the clock. */
export function nextTransactionNo(now: Date): string {
  const fromClock = BigInt(now.getTime()) * 100n;
  last = fromClock > last ? fromClock : last + 1n;
  return String(last);
}
