import { loadConfig, runService } from '@schoolbell/service-kit';
import { notificationSchema } from './config.ts';
import { clock } from './edges/clock.ts';
import { listeners } from './edges/listen.ts';
import { notificationRpc } from './edges/rpc.ts';
import { collections } from './store/indexes.ts';
import { notificationTx } from './tx.ts';

await runService({
  name: 'notification',
  config: loadConfig(notificationSchema),
  collections,
  tx: notificationTx,
  rpc: (deps) => [notificationRpc(deps)],
  listen: listeners,
  clock,
});
