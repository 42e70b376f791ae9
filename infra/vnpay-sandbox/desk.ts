import { err, ok, type Result } from '@schoolbell/kernel';
import type { Merchant } from './merchants.ts';
import { notify, type RetryRule, vnpayRule } from './notify.ts';
import { nextTransactionNo, noticeOf, type Outcome, timeRanOut, withParameters } from './outcome.ts';
import { type PayRefused, readPayRequest } from './pay-request.ts';
import { createTransactions, type Transaction } from './transactions.ts';

export interface DeskOptions {
  readonly merchants: readonly Merchant[];
  /** Parts of VNPAY's retry rule that differ: tests do not wait five minutes. */
  readonly rule?: Partial<RetryRule>;
  readonly now?: () => Date;
}

export type OpenRefused = PayRefused | { readonly code: 'REFERENCE_TWICE' };

/** What the gateway does behind its pages: checks pay URLs, decides once, and tells the merchant until he has heard. */
export interface Desk {
  open(query: URLSearchParams): Result<Transaction, OpenRefused>;
  /** As `open`, for a button: who already had the page may still press it when the time has run out. */
  openAgain(query: URLSearchParams): Result<Transaction, OpenRefused>;
  /** The first decision stands. `traceparent` is that of the payer's click, where it had one. */
  decide(transaction: Transaction, wanted: Outcome, traceparent: string | undefined): void;
  find(txnRef: string): Transaction | undefined;
  /** Ends the calls that are still due. */
  stop(): void;
}

export function createDesk({ merchants, rule, now = () => new Date() }: DeskOptions): Desk {
  const transactions = createTransactions();
  const stopping = new AbortController();
  const byCode = new Map(merchants.map((merchant) => [merchant.tmnCode, merchant]));

  function open(query: URLSearchParams, checkExpiry: boolean): Result<Transaction, OpenRefused> {
    const read = readPayRequest(query, (code) => byCode.get(code), checkExpiry ? now() : undefined);
    if (!read.ok) return read;
    const transaction = transactions.open(read.value, now());
    return transaction ? ok(transaction) : err({ code: 'REFERENCE_TWICE' });
  }

  async function tellMerchant(transaction: Transaction, traceparent: string | undefined): Promise<void> {
    const { request, decided } = transaction;
    if (!decided) return;
    transaction.ipn = 'calling';
    const url = withParameters(request.merchant.ipnUrl, noticeOf(request, decided));
    const taken = await notify({ url, traceparent }, { ...vnpayRule, ...rule }, (call) => transaction.calls.push(call), stopping.signal);
    transaction.ipn = taken ? 'taken' : 'given up';
  }

  return {
    open: (query) => open(query, true),
    openAgain: (query) => open(query, transactions.find(query.get('vnp_TxnRef') ?? '') === undefined),
    decide(transaction, wanted, traceparent) {
      if (transaction.decided) return;
      const decidedAt = now();
      const outcome = decidedAt >= transaction.request.expiresAt ? timeRanOut : wanted;
      transaction.decided = { outcome, transactionNo: nextTransactionNo(decidedAt), decidedAt };
      void tellMerchant(transaction, traceparent);
    },
    find: (txnRef) => transactions.find(txnRef),
    stop: () => stopping.abort(),
  };
}
