import {
  type PaymentAttempt as AttemptMessage,
  PaymentAttemptStatus,
  type Refund as RefundMessage,
  RefundStatus,
} from '@schoolbell/contracts/school/billing/v1/billing';
import type { PaymentAttempt } from '../../domain/payments/payment.ts';
import { moneyMessage } from '../../events.ts';
import type { ListedRefund } from '../../usecases/payments/list-refunds.ts';

export function attemptMessage(attempt: PaymentAttempt): AttemptMessage {
  const { id: attemptId, invoiceId, gateway, orderRef, amount, status, createdAt, noticeAt } = attempt;
  const { settledAt, gatewayTransaction } = 'settledAt' in attempt ? attempt : { settledAt: undefined, gatewayTransaction: '' };
  return {
    ...{ attemptId, invoiceId, gateway, orderRef, amount: moneyMessage(amount), status: PaymentAttemptStatus[status] },
    ...{ createdAt, noticeAt, settledAt, gatewayTransaction },
  };
}

export function refundMessage({ refund, studentName, amount }: ListedRefund): RefundMessage {
  const { id: refundId, studentId, leftOn, dueOn, status } = refund;
  const paid = refund.status === 'PAID' ? refund : { bankReference: '', paidAt: undefined, paidBy: '' };
  return {
    ...{ refundId, studentId, studentName, leftOn, dueOn, amount: moneyMessage(amount) },
    status: status === 'WATCHED' ? RefundStatus.DUE : RefundStatus[status],
    ...{ bankReference: paid.bankReference, paidAt: paid.paidAt, paidBy: paid.paidBy },
  };
}
