import type { Deps } from '@schoolbell/service-kit';
import type { BillingConfig } from '../config.ts';
import type { BillingTx } from '../tx.ts';
import type { Merchants } from './gateways/merchants.ts';

/** What billing's edges hold: the ways to its data, and who the schools are to their gateways. */
export interface GatewayDeps extends Pick<Deps<BillingConfig, BillingTx>, 'transact' | 'read' | 'config' | 'log' | 'now' | 'wake'> {
  readonly merchants: Merchants;
}
