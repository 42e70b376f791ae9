import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from '@schoolbell/contracts';
import { ensureTopics, openClaims } from '@schoolbell/infra/engines';
import { type Clients, openClients } from '@schoolbell/infra/start/clients.ts';
import type { Identity } from '@schoolbell/infra/start/identity.ts';
import { migrateAll } from '@schoolbell/infra/start/migrate.ts';
import { prepare, takeStateDir } from '@schoolbell/infra/start/prepare.ts';
import { serviceProgram } from '@schoolbell/infra/start/programs.ts';
import type { RunFile } from '@schoolbell/infra/start/run-file.ts';
import { createSupervisor } from '@schoolbell/infra/start/supervisor.ts';
import type { World } from './bench.ts';

/** One service as it runs in production, alone: its own process, its own database, and nobody beside it. */
export interface OneService {
  readonly pid: number;
  readonly clients: Clients;
  /** Its gRPC door for who brings an own client: "127.0.0.1:4001", and the token of a program. */
  readonly door: { readonly address: string; readonly token: string };
  readonly school: Identity['school'];
  readonly vnpay: NonNullable<RunFile['gateways']['vnpay']>;
  /** Name of its database. */
  readonly database: string;
  stop(): Promise<void>;
}

const readyLimitMs = 60_000;

/** `prefix` begins the name of its database, and of its folder: another prefix is a fresh service. */
export async function startOneService(world: World, name: ServiceName, prefix: string): Promise<OneService> {
  const stateDir = join(world.stateDir, prefix);
  mkdirSync(stateDir, { recursive: true });
  await ensureTopics({ brokers: world.brokers });
  const claims = openClaims();
  const { setting, identity, tokens } = await prepare({ stateDir, nodeEnv: 'production', databasePrefix: prefix }, claims);
  const program = serviceProgram(name, setting, { mongodb: world.mongoUri, kafka: world.brokers });
  const lock = await takeStateDir(stateDir, world.say);
  const supervisor = createSupervisor({ lock, log: world.say, restart: false, onChange: () => undefined });
  await migrateAll([program]);
  const service = supervisor.run(program);
  const clients = openClients((each) => ({ address: `127.0.0.1:${setting.ports[`${each}-grpc`]}`, token: tokens.system }));
  const stop = async (): Promise<void> => {
    clients.close();
    await supervisor.stopAll();
    lock.release();
    claims.release();
  };
  try {
    await service.untilReady(readyLimitMs);
    const { vnpay } = setting.gateways.shown;
    if (service.pid === undefined || !vnpay) throw new Error(`${name} did not come up`);
    const door = { address: `127.0.0.1:${setting.ports[`${name}-grpc`]}`, token: tokens.system };
    return { pid: service.pid, clients, door, school: identity.school, vnpay, database: `${prefix}_${name}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
