import { type Ok, ok } from '@schoolbell/kernel';
import { giveUp, isTooOld } from '../../domain/deliveries/delivery.ts';
import { alertFailed } from '../../events.ts';
import type { NotificationTx } from '../../tx.ts';

/** Timer: messages that grew too old while nothing could be claimed, because the provider is away. */
export async function giveUpOldDeliveries(tx: NotificationTx, { limit }: { limit: number }): Promise<Ok<{ readonly givenUp: number }>> {
  const old = (await tx.deliveries.oldestPending(limit)).filter((delivery) => isTooOld(delivery, tx.now));
  for (const delivery of old) {
    const failed = giveUp(delivery, 'TOO_OLD', tx.now);
    tx.deliveries.save(delivery, failed);
    tx.emit(alertFailed(failed));
  }
  return ok({ givenUp: old.length });
}
