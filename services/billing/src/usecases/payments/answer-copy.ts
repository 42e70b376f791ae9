import type { PaymentNotice } from '../../domain/payments/payment.ts';
import { type Answer, judge } from '../../domain/payments/settlement.ts';
import type { BillingTx } from '../../tx.ts';

/**
 * What the gateway is told of a notice whose earlier copy was settled, where nothing is left to do about it; undefined in every other
 * case. A query: however many copies come, none of them makes a payment wait.
 */
export async function answerCopy(tx: BillingTx, notice: PaymentNotice): Promise<Answer | undefined> {
  const { attempt, receipt, state = await tx.notices.stateOf(notice) } = await tx.settlements.lookUp(notice);
  if (state !== 'DONE' && state !== 'WAITING') return undefined;
  const { action, answer } = judge(notice, attempt, receipt);
  // A notice that waited for its order and is not news to it must still be marked as done.
  const isLeft = action !== 'NOTHING' || (state === 'WAITING' && answer !== 'UNKNOWN_ORDER');
  return isLeft ? undefined : answer;
}
