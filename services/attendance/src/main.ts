import { loadConfig, runService } from '@schoolbell/service-kit';
import { attendanceSchema } from './config.ts';
import { clock } from './edges/clock.ts';
import { listeners } from './edges/listen.ts';
import { attendanceRpc } from './edges/rpc.ts';
import { collections } from './store/indexes.ts';
import { attendanceTx } from './tx.ts';

await runService({
  name: 'attendance',
  config: loadConfig(attendanceSchema),
  collections,
  tx: attendanceTx,
  rpc: (deps) => [attendanceRpc(deps)],
  listen: listeners,
  clock,
});
