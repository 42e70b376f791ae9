import { loadConfig, runService } from '@schoolbell/service-kit';
import { canteenSchema } from './config.ts';
import { clock } from './edges/clock.ts';
import { listeners } from './edges/listen.ts';
import { canteenRpc } from './edges/rpc.ts';
import { collections } from './store/indexes.ts';
import { canteenTx } from './tx.ts';

await runService({
  name: 'canteen',
  config: loadConfig(canteenSchema),
  collections,
  tx: canteenTx,
  rpc: (deps) => [canteenRpc(deps)],
  listen: listeners,
  clock,
});
