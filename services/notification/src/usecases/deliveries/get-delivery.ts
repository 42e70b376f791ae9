import { err, ok, type Result } from '@schoolbell/kernel';
import type { Delivery } from '../../domain/deliveries/delivery.ts';
import type { NotificationTx } from '../../tx.ts';

export type GetRefused = { readonly code: 'DELIVERY_NOT_FOUND' };

/** rpc GetDelivery */
export async function getDelivery(tx: NotificationTx, { deliveryId }: { deliveryId: string }): Promise<Result<Delivery, GetRefused>> {
  const delivery = await tx.deliveries.find(deliveryId);
  return delivery ? ok(delivery) : err({ code: 'DELIVERY_NOT_FOUND' });
}
