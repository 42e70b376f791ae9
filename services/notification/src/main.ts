import { loadConfig, runService } from '@schoolbell/service-kit';
import { notificationConfig } from './config.ts';
import { clock } from './edges/clock.ts';
import { listeners } from './edges/listen.ts';
import { notificationService } from './edges/rpc.ts';
import { collections, notificationTx } from './tx.ts';

await runService({
  name: 'notification',
  config: loadConfig(notificationConfig),
  collections,
  tx: notificationTx,
  rpc: (deps) => [notificationService(deps)],
  listen: listeners,
  clock,
});
