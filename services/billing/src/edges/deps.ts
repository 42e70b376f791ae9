import type { Deps } from '@schoolbell/service-kit';
import type { BillingConfig } from '../config.ts';
import type { BillingTx } from '../tx.ts';
import type { Merchants } from './payments/gateways/merchants.ts';

type BillingDeps = Deps<BillingConfig, BillingTx>;

export type ClockDeps = Pick<BillingDeps, 'transact' | 'read' | 'log' | 'now'>;

/** What the other edges hold: the ways to billing's data, and who the schools are to their gateways. */
export interface GatewayDeps extends BillingDeps {
  readonly merchants: Merchants;
}
