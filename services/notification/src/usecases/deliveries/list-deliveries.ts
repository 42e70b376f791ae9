import { err, isUuid, ok, type Result } from '@schoolbell/kernel';
import type { Delivery } from '../../domain/deliveries/delivery.ts';
import type { NotificationTx } from '../../tx.ts';

export type ListRefused = { readonly code: 'PAGE_TOKEN_WRONG' } | { readonly code: 'PAGE_SIZE_WRONG'; readonly largest: number };

export type DeliveryQuery = {
  readonly invoiceId?: string;
  readonly studentId?: string;
  readonly status?: Delivery['status'];
  /** 1 to 500; 0 means 100. */
  readonly size: number;
  /** Id of the last delivery of the page before; empty for the first page. */
  readonly after: string;
};

export type DeliveryPage = {
  readonly deliveries: readonly Delivery[];
  /** Empty on the last page. */
  readonly next: string;
};

const usualSize = 100;
const largestSize = 500;

/** rpc ListDeliveries */
export async function listDeliveries(
  tx: NotificationTx,
  { size, after, ...filter }: DeliveryQuery,
): Promise<Result<DeliveryPage, ListRefused>> {
  if (size < 0 || size > largestSize) return err({ code: 'PAGE_SIZE_WRONG', largest: largestSize });
  if (after !== '' && !isUuid(after)) return err({ code: 'PAGE_TOKEN_WRONG' });
  const wanted = size === 0 ? usualSize : size;
  const found = await tx.deliveries.list(after === '' ? filter : { ...filter, before: after }, wanted + 1);
  const deliveries = found.slice(0, wanted);
  return ok({ deliveries, next: found.length > wanted ? (deliveries.at(-1)?.id ?? '') : '' });
}
