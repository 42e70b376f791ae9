import { type Ok, ok } from '@schoolbell/kernel';
import { giveBack } from '../../domain/deliveries/delivery.ts';
import { alertFailed } from '../../events.ts';
import type { NotificationTx } from '../../tx.ts';

type Held = { readonly deliveryId: string; readonly claim: string };

/** Timer: what a worker took and did not try, because it stops. Another may have it at once, and it has lost no try. */
export async function giveBackDeliveries(
  tx: NotificationTx,
  { held }: { held: readonly Held[] },
): Promise<Ok<{ readonly givenBack: number }>> {
  const claims = new Map(held.map(({ deliveryId, claim }) => [deliveryId, claim]));
  let givenBack = 0;
  for (const delivery of await tx.deliveries.findSome([...claims.keys()])) {
    if (delivery.status !== 'SENDING' || delivery.claim !== claims.get(delivery.id)) continue;
    const after = giveBack(delivery, tx.now);
    tx.deliveries.save(delivery, after);
    if (after.status === 'FAILED') tx.emit(alertFailed(after));
    givenBack++;
  }
  return ok({ givenBack });
}
