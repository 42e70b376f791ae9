import { loadConfig, runService } from '@schoolbell/service-kit';
import { registrySchema } from './config.ts';
import { clock } from './edges/clock.ts';
import { largestRequestBytes, registryRpc } from './edges/rpc.ts';
import { collections } from './store/indexes.ts';
import { registryTx } from './tx.ts';

await runService({
  name: 'registry',
  config: loadConfig(registrySchema),
  collections,
  tx: registryTx,
  rpc: (deps) => [registryRpc(deps)],
  rpcMessageBytes: largestRequestBytes,
  clock,
});
