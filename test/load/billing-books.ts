import { collections } from '@schoolbell/billing/src/store/indexes.ts';
import { type BillingTx, billingTx } from '@schoolbell/billing/src/tx.ts';
import type { World } from './bench.ts';
import { type Books, openBooks } from './books.ts';

/** A database of billing's shape: the service's own, or the floor's. */
export type BillingBooks = Books<BillingTx>;

/** `prefix` as in `<prefix>_billing`. */
export function openBillingBooks(world: World, prefix: string): Promise<BillingBooks> {
  return openBooks(world, { database: `${prefix}_billing`, collections, makeTx: billingTx });
}

/** Seals are put on entries minutes later, by a clock that no floor has. */
export const writtenLater = ['seals'];
