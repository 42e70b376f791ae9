import { loadConfig, runService } from '@schoolbell/service-kit';
import { billingSchema } from './config.ts';
import { clock } from './edges/clock.ts';
import { type Merchants, openMerchants } from './edges/gateways/merchants.ts';
import { receiveIpn } from './edges/ipn.ts';
import { canteenListener, registryListener } from './edges/listen.ts';
import { showReturn } from './edges/return-page.ts';
import { billingRpc } from './edges/rpc.ts';
import { collections } from './store/indexes.ts';
import { billingTx } from './tx.ts';

const config = loadConfig(billingSchema);
let opened: Merchants | undefined;

await runService({
  name: 'billing',
  config,
  collections,
  tx: billingTx,
  rpc: (deps) => [billingRpc({ ...deps, merchants: merchantsWith(deps.log) })],
  http: (app, deps) => {
    receiveIpn(app, { ...deps, merchants: merchantsWith(deps.log) });
    showReturn(app, { ...deps, merchants: merchantsWith(deps.log) });
  },
  listen: [registryListener, canteenListener],
  clock,
});

function merchantsWith(log: Parameters<typeof openMerchants>[0]['log']): Merchants {
  opened ??= openMerchants({ file: config.SCHOOLBELL_GATEWAYS_FILE, log, strictMode: config.NODE_ENV === 'production' });
  return opened;
}
