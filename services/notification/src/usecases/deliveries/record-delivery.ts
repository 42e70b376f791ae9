import { err, ok, type Result } from '@schoolbell/kernel';
import { type Delivery, type Outcome, record } from '../../domain/deliveries/delivery.ts';
import { alertDelivered, alertFailed } from '../../events.ts';
import type { NotificationTx } from '../../tx.ts';

export type RecordRefused = { readonly code: 'CLAIM_LOST' };

type Recorded = { readonly deliveryId: string; readonly claim: string; readonly outcome: Outcome };

/** Timer: what came of one try. A worker whose lease ended and whose delivery was taken by another has no say any more. */
export async function recordDelivery(
  tx: NotificationTx,
  { deliveryId, claim, outcome }: Recorded,
): Promise<Result<Delivery, RecordRefused>> {
  const delivery = await tx.deliveries.find(deliveryId);
  if (delivery?.status !== 'SENDING' || delivery.claim !== claim) return err({ code: 'CLAIM_LOST' });

  const recorded = record(delivery, outcome, tx.now);
  tx.deliveries.save(delivery, recorded);
  if (recorded.status === 'SENT') tx.emit(alertDelivered(recorded));
  if (recorded.status === 'FAILED') tx.emit(alertFailed(recorded));
  return ok(recorded);
}
