import { type Ok, ok } from '@schoolbell/kernel';
import { renew, type SendingDelivery } from '../../domain/deliveries/delivery.ts';
import type { NotificationTx } from '../../tx.ts';

type Renewing = { readonly delivery: SendingDelivery; readonly leaseMs: number };

/** Timer: a provider takes longer than the lease to answer, and the worker that waits for it is still there. Without effect where the claim was lost. */
export async function renewClaim(tx: NotificationTx, { delivery, leaseMs }: Renewing): Promise<Ok<'renewed'>> {
  tx.deliveries.prolong(renew(delivery, { leaseMs, now: tx.now }));
  return ok('renewed');
}
