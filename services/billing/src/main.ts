import { type Deps, loadConfig, runService } from '@schoolbell/service-kit';
import { type BillingConfig, billingSchema } from './config.ts';
import { clock } from './edges/clock.ts';
import type { GatewayDeps } from './edges/deps.ts';
import { listeners } from './edges/listen.ts';
import { type Merchants, openMerchants } from './edges/payments/gateways/merchants.ts';
import { receiveIpn } from './edges/payments/ipn.ts';
import { showReturn } from './edges/payments/return-page.ts';
import { billingRpc } from './edges/rpc.ts';
import { collections } from './store/indexes.ts';
import { type BillingTx, billingTx } from './tx.ts';

const config = loadConfig(billingSchema);
const gateways = { file: config.SCHOOLBELL_GATEWAYS_FILE, strictMode: config.NODE_ENV === 'production' };
let merchants: Merchants | undefined;

await runService({
  name: 'billing',
  config,
  collections,
  tx: billingTx,
  rpc: (deps) => [billingRpc(withMerchants(deps))],
  http: (app, deps) => {
    receiveIpn(app, withMerchants(deps));
    showReturn(app, withMerchants(deps));
  },
  listen: listeners,
  clock,
});

/** Both edges share the file that was read once; a migration never reads it. */
function withMerchants(deps: Deps<BillingConfig, BillingTx>): GatewayDeps {
  merchants ??= openMerchants({ ...gateways, log: deps.log });
  return { ...deps, merchants };
}
