import type { IpnCall } from './notify.ts';
import type { Decided } from './outcome.ts';
import type { PayRequest } from './pay-request.ts';

/** One pay URL that was opened, and what became of it. */
export interface Transaction {
  readonly request: PayRequest;
  readonly openedAt: Date;
  decided: Decided | undefined;
  readonly calls: IpnCall[];
  ipn: 'not due' | 'calling' | 'taken' | 'given up';
}

export interface Transactions {
  /** The transaction of this reference, new where it was never seen; undefined where another pay URL has the reference. */
  open(request: PayRequest, now: Date): Transaction | undefined;
  find(txnRef: string): Transaction | undefined;
}

const mostKept = 20_000;

export function createTransactions(): Transactions {
  const byReference = new Map<string, Transaction>();
  return {
    open(request, now) {
      const key = `${request.txnRef} ${request.merchant.tmnCode}`;
      const known = byReference.get(key);
      if (known) return known.request.secureHash === request.secureHash ? known : undefined;
      const opened: Transaction = { request, openedAt: now, decided: undefined, calls: [], ipn: 'not due' };
      byReference.set(key, opened);
      const [oldest] = byReference.keys();
      if (byReference.size > mostKept && oldest !== undefined) byReference.delete(oldest);
      return opened;
    },
    find: (txnRef) => byReference.values().find(({ request }) => request.txnRef === txnRef),
  };
}

/** What `GET /transactions/:txnRef` shows. */
export function shown({ request, openedAt, decided, calls, ipn }: Transaction) {
  return {
    txnRef: request.txnRef,
    tmnCode: request.merchant.tmnCode,
    /** Đồng × 100, as on the wire. */
    amount: request.amount,
    openedAt,
    decidedAt: decided?.decidedAt ?? null,
    responseCode: decided?.outcome.responseCode ?? null,
    transactionStatus: decided?.outcome.transactionStatus ?? null,
    transactionNo: decided?.transactionNo ?? null,
    ipn: { state: ipn, calls },
  };
}

export type ShownTransaction = ReturnType<typeof shown>;
