import { err, ok, type Result } from '@schoolbell/kernel';
import type { PaymentAttempt } from '../../domain/payments/payment.ts';
import type { BillingTx } from '../../tx.ts';

export type AttemptNotFound = { readonly code: 'ATTEMPT_NOT_FOUND'; readonly attempt: string };

/** By the id its caller made, or by the order reference the gateway brings back. */
export async function getPaymentAttempt(
  tx: BillingTx,
  by: { attemptId: string } | { orderRef: string },
): Promise<Result<PaymentAttempt, AttemptNotFound>> {
  const attempt = 'attemptId' in by ? await tx.attempts.find(by.attemptId) : await tx.attempts.findByOrder(by.orderRef);
  return attempt ? ok(attempt) : err({ code: 'ATTEMPT_NOT_FOUND', attempt: 'attemptId' in by ? by.attemptId : by.orderRef });
}
