import { equal, err, type Money, ok, type Result } from '@schoolbell/kernel';
import { amountToAsk, orderInfoOf, orderRefOf, type PaymentAttempt, type PaymentRefused } from '../../domain/payments/payment.ts';
import type { BillingTx } from '../../tx.ts';

export interface PaymentOrder {
  readonly attemptId: string;
  readonly invoiceId: string;
  readonly gateway: string;
  /** Undefined for all that is owed. */
  readonly amount: Money | undefined;
  readonly payerIp: string;
  readonly language: 'vi' | 'en';
  /** What the school and its gateway allow. */
  readonly schoolCode: string;
  readonly amountLimit: Money;
  readonly expiresAfterMs: number;
}

export type StartPaymentRefused =
  | PaymentRefused
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'INVOICE_NOT_FOUND'; readonly invoiceId: string }
  | { readonly code: 'PAYMENT_BEING_CHECKED'; readonly invoiceId: string; readonly attemptId: string };

/** Stores the attempt before anyone can pay it; the pay URL is made from what is stored, so a retry gives the same one. */
export async function startPayment(tx: BillingTx, order: PaymentOrder): Promise<Result<PaymentAttempt, StartPaymentRefused>> {
  const { attemptId: id, invoiceId, gateway, payerIp, language, schoolCode } = order;
  const earlier = await tx.attempts.find(id);
  if (earlier) return isOrderedBy(earlier, order) ? ok(earlier) : err({ code: 'ID_REUSED', id });

  const invoice = await tx.invoices.find(invoiceId);
  if (!invoice) return err({ code: 'INVOICE_NOT_FOUND', invoiceId });
  const amount = amountToAsk(invoice, order.amount, order.amountLimit);
  if (!amount.ok) return amount;
  const checked = await beingChecked(tx, invoiceId);
  if (checked) return err({ code: 'PAYMENT_BEING_CHECKED', invoiceId, attemptId: checked.id });

  const expiresAt = new Date(tx.now.getTime() + order.expiresAfterMs);
  const attempt: PaymentAttempt = {
    id,
    orderRef: orderRefOf(schoolCode, id),
    invoiceId,
    studentId: invoice.studentId,
    gateway,
    amount: amount.value,
    wholeAmount: order.amount === undefined,
    orderInfo: orderInfoOf(schoolCode, invoiceId),
    payerIp,
    language,
    createdAt: tx.now,
    expiresAt,
    noticeAt: undefined,
    version: 1,
    status: 'PENDING',
  };
  tx.attempts.insert(attempt);
  return ok(attempt);
}

/** An earlier attempt whose money may have left the payer's account, until the gateway or a person has decided what became of it. */
async function beingChecked(tx: BillingTx, invoiceId: string): Promise<PaymentAttempt | undefined> {
  const inDoubt = await tx.attempts.inDoubt(invoiceId);
  if (inDoubt.length === 0) return undefined;
  const open = await tx.suspense.doubtsAbout(inDoubt.map(({ orderRef }) => orderRef));
  return inDoubt.find(({ orderRef }) => open.some((item) => item.orderRef === orderRef));
}

function isOrderedBy(attempt: PaymentAttempt, { invoiceId, gateway, amount, payerIp, language }: PaymentOrder): boolean {
  return (
    attempt.invoiceId === invoiceId &&
    attempt.gateway === gateway &&
    attempt.payerIp === payerIp &&
    attempt.language === language &&
    (amount === undefined ? attempt.wholeAmount : !attempt.wholeAmount && equal(attempt.amount, amount))
  );
}
