import { isNews, type Kept, moveTo } from '../../domain/payments/payment.ts';
import { suspend } from '../../domain/payments/suspense.ts';
import { paymentSuspended } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

/** A signed notice may tell of money and lacks what it takes to book it: a person is asked, once, and the attempt waits for the answer. */
export async function askAboutNotice(tx: BillingTx, { notice, keptAt }: Kept): Promise<void> {
  const { orderRef, gateway, gatewayTransaction } = notice;
  const attempt = await tx.attempts.findByOrder(orderRef);
  const existing = await tx.suspense.sameAs(notice, 'OUTCOME_UNKNOWN');
  if (attempt?.gateway === gateway && isNews(attempt, 'UNKNOWN'))
    tx.attempts.save(moveTo(attempt, { status: 'UNKNOWN', settledAt: tx.now, gatewayTransaction }, keptAt));
  if (existing) return;
  const item = suspend(notice, 'OUTCOME_UNKNOWN', { id: tx.newId(), receiptId: undefined, since: tx.now });
  tx.suspense.insert(item);
  tx.emit(paymentSuspended(item));
}
