import type { Delivery } from '../../domain/deliveries/delivery.ts';
import type { NotificationTx } from '../../tx.ts';

export type DeliveryCounts = { readonly byStatus: Readonly<Record<Delivery['status'], number>>; readonly waitingForRoster: number };

/** rpc CountDeliveries */
export async function countDeliveries(tx: NotificationTx): Promise<DeliveryCounts> {
  return { byStatus: await tx.deliveries.countByStatus(), waitingForRoster: await tx.alerts.countWaiting() };
}
