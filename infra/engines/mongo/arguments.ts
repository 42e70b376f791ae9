import { setName } from './replica-set.ts';

export interface MongoPlan {
  readonly members: 1 | 3;
  /** Fail points: `failCommand` and its like. */
  readonly testCommands: boolean;
  readonly port: number | undefined;
}

export interface Mongod {
  readonly plan: MongoPlan;
  readonly port: number;
  readonly dbPath: string;
  readonly bindIp: string;
}

export function mongodArguments({ plan, port, dbPath, bindIp }: Mongod): string[] {
  const parameters = {
    diagnosticDataCollectionEnabled: false,
    // Members that are stopped together would each wait 15 s, the default, for another one to take over.
    shutdownTimeoutMillisForSignaledShutdown: 100,
    // A process that is killed leaves its transaction open, and what it touched is locked until the server ends it. Ours give up after 10 s.
    transactionLifetimeLimitSeconds: 15,
    ...(plan.testCommands ? { enableTestCommands: 1 } : {}),
  };
  return [
    ...['--replSet', setName, '--port', String(port), '--bind_ip', bindIp, '--dbpath', dbPath],
    ...['--storageEngine', 'wiredTiger', '--wiredTigerCacheSizeGB', plan.members === 1 ? '0.5' : '0.25', '--nounixsocket', '--quiet'],
    ...Object.entries(parameters).flatMap(([name, value]) => ['--setParameter', `${name}=${value}`]),
  ];
}
