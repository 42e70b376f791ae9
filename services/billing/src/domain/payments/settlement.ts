import { equal, unreachable } from '@schoolbell/kernel';
import { isNews, isSameMoney, type PaymentAttempt, type PaymentNotice, type Receipt } from './payment.ts';
import type { SuspenseReason } from './suspense.ts';

/**
 * What the gateway is answered. CONFIRMED: recorded now, success and failure alike. ALREADY_CONFIRMED: it was before.
 * The other two make the gateway ask again.
 */
export type Answer = 'CONFIRMED' | 'ALREADY_CONFIRMED' | 'UNKNOWN_ORDER' | 'AMOUNT_DIFFERS';

/** What is to be done about a notice, and what the gateway is answered. */
export type Verdict =
  | { readonly action: 'BOOK'; readonly attempt: PaymentAttempt; readonly answer: 'CONFIRMED' }
  /** A second transaction for an attempt that has its money: all of it becomes the pupil's credit. */
  | { readonly action: 'CREDIT'; readonly attempt: PaymentAttempt; readonly answer: 'ALREADY_CONFIRMED' }
  /** The money stands in suspense and its order has appeared since. */
  | {
      readonly action: 'MOVE_FROM_SUSPENSE';
      readonly attempt: PaymentAttempt;
      readonly receipt: Receipt;
      readonly suspenseId: string;
      readonly answer: Answer;
    }
  | { readonly action: 'SUSPEND'; readonly reason: 'UNKNOWN_ORDER' | 'AMOUNT_DIFFERS'; readonly answer: Answer }
  /** No money is booked; a person must look. `attempt` is the one that moves, if one does. */
  | {
      readonly action: 'ASK_A_PERSON';
      readonly reason: SuspenseReason;
      readonly attempt: PaymentAttempt | undefined;
      readonly answer: Answer;
    }
  | { readonly action: 'RECORD_FAILURE'; readonly attempt: PaymentAttempt; readonly answer: 'CONFIRMED' }
  | { readonly action: 'NOTHING'; readonly answer: Answer };

/** The order of checks is VNPAY's: does the order exist, is the amount equal, is it still open. Verified money is booked whatever the answer. */
export function judge(notice: PaymentNotice, attempt: PaymentAttempt | undefined, receipt: Receipt | undefined): Verdict {
  switch (notice.outcome) {
    case 'SUCCEEDED':
      return judgeMoney(notice, attempt, receipt);
    case 'FAILED':
      return judgeFailure(notice, attempt);
    case 'HELD':
    case 'UNKNOWN':
      return judgeDoubt(notice, attempt);
    default:
      return unreachable(notice.outcome);
  }
}

function judgeMoney(notice: PaymentNotice, attempt: PaymentAttempt | undefined, receipt: Receipt | undefined): Verdict {
  const misfit = misfitOf(notice, attempt);
  if (receipt && !isSameMoney(receipt, notice)) {
    const answer = misfit ?? (attempt?.status === 'SUCCEEDED' ? 'ALREADY_CONFIRMED' : 'CONFIRMED');
    return { action: 'ASK_A_PERSON', reason: 'TRANSACTION_DIFFERS', attempt: undefined, answer };
  }
  if (attempt === undefined || misfit !== undefined) {
    const answer = misfit ?? 'UNKNOWN_ORDER';
    if (receipt) return { action: 'NOTHING', answer };
    if (notice.amount === undefined) return { action: 'ASK_A_PERSON', reason: answer, attempt: undefined, answer };
    return { action: 'SUSPEND', reason: answer, answer };
  }
  const hasItsMoney = attempt.status === 'SUCCEEDED';
  if (receipt?.placement.at === 'SUSPENSE') {
    const { suspenseId } = receipt.placement;
    return { action: 'MOVE_FROM_SUSPENSE', attempt, receipt, suspenseId, answer: hasItsMoney ? 'ALREADY_CONFIRMED' : 'CONFIRMED' };
  }
  if (receipt) return { action: 'NOTHING', answer: 'ALREADY_CONFIRMED' };
  return hasItsMoney ? { action: 'CREDIT', attempt, answer: 'ALREADY_CONFIRMED' } : { action: 'BOOK', attempt, answer: 'CONFIRMED' };
}

function judgeFailure(notice: PaymentNotice, attempt: PaymentAttempt | undefined): Verdict {
  const misfit = misfitOf(notice, attempt);
  if (attempt === undefined || misfit !== undefined) return { action: 'NOTHING', answer: misfit ?? 'UNKNOWN_ORDER' };
  if (!isNews(attempt, 'FAILED')) return { action: 'NOTHING', answer: 'ALREADY_CONFIRMED' };
  return { action: 'RECORD_FAILURE', attempt, answer: 'CONFIRMED' };
}

function judgeDoubt(notice: PaymentNotice, attempt: PaymentAttempt | undefined): Verdict {
  const reason = notice.outcome === 'HELD' ? 'HELD_BY_GATEWAY' : 'OUTCOME_UNKNOWN';
  const misfit = misfitOf(notice, attempt);
  if (attempt === undefined || misfit !== undefined)
    return { action: 'ASK_A_PERSON', reason, attempt: undefined, answer: misfit ?? 'UNKNOWN_ORDER' };
  if (!isNews(attempt, notice.outcome)) return { action: 'NOTHING', answer: 'ALREADY_CONFIRMED' };
  return { action: 'ASK_A_PERSON', reason, attempt, answer: 'CONFIRMED' };
}

/** Why the money is not what the order asked for; undefined where it is. */
export function misfitOf(
  { gateway, amount }: Pick<PaymentNotice, 'gateway' | 'amount'>,
  attempt: PaymentAttempt | undefined,
): 'UNKNOWN_ORDER' | 'AMOUNT_DIFFERS' | undefined {
  if (!attempt || attempt.gateway !== gateway) return 'UNKNOWN_ORDER';
  if (!amount || !equal(attempt.amount, amount)) return 'AMOUNT_DIFFERS';
  return undefined;
}

const shortestWaitMs = 15_000;
const longestWaitMs = 86_400_000;

/** When to look again for the order of a notice kept at `keptAt`: often while it is new, once a day when it is old. */
export function nextTryAt(keptAt: Date, now: Date): Date {
  const age = now.getTime() - keptAt.getTime();
  return new Date(now.getTime() + Math.min(Math.max(age, shortestWaitMs), longestWaitMs));
}
