import { access } from '@schoolbell/contracts';
import { NotificationServiceService } from '@schoolbell/contracts/school/notification/v1/notification_service';
import { ok } from '@schoolbell/kernel';
import type { Authenticate } from '../src/auth.ts';
import { createLogger, type Logger } from '../src/logger.ts';
import { type Handlers, rpcService } from '../src/rpc.ts';
import { type RpcServerOptions, startRpcServer } from '../src/rpc-server.ts';
import { unasked } from './unasked.ts';

type NotificationHandlers = Handlers<typeof NotificationServiceService>;

const counts = { pending: 1n, sending: 0n, sent: 2n ** 60n, failed: 0n, waitingForRoster: 0n };
const quiet: NotificationHandlers = {
  ...unasked,
  listDeliveries: async () => ok({ deliveries: [], page: undefined }),
  getDelivery: async () => ok({ delivery: undefined }),
  countDeliveries: async () => ok(counts),
};

/** A real server of a real contract, for tests of what the kit does around its handlers. */
export function startNotification(
  authenticate: Authenticate,
  handlers: Partial<NotificationHandlers> = {},
  options: Partial<RpcServerOptions> & { log?: Logger } = {},
) {
  const service = rpcService(NotificationServiceService, access, { ...quiet, ...handlers });
  const log = options.log ?? createLogger('test', 'silent');
  return startRpcServer({ address: { host: '127.0.0.1', port: 0 }, services: [service], authenticate, ...options, log });
}
