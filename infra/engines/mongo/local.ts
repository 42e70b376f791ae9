import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { choosePorts } from '../ports.ts';
import type { LocalProcess, Processes } from '../processes.ts';
import { readState, writeState } from '../state.ts';
import { type MongoPlan, mongodArguments } from './arguments.ts';
import { untilMemberServes, untilSetReady } from './replica-set.ts';

export interface LocalSet {
  readonly hosts: readonly string[];
  readonly members: readonly LocalProcess[];
}

export async function startLocalMongo(binary: string, plan: MongoPlan, stateDir: string, processes: Processes): Promise<LocalSet> {
  const dir = join(stateDir, 'mongo');
  const ports = await portsOfSet(dir, plan);
  const hosts = ports.map((port) => `127.0.0.1:${port}`);
  const members = ports.map((port, index) => {
    const dbPath = join(dir, String(index + 1));
    mkdirSync(dbPath, { recursive: true });
    return processes.run({
      name: `mongod ${index + 1}`,
      command: binary,
      args: mongodArguments({ plan, port, dbPath, bindIp: '127.0.0.1' }),
      logFile: join(dir, `${index + 1}.log`),
      untilReady: (signal) => untilMemberServes(`127.0.0.1:${port}`, signal),
    });
  });
  await untilSetReady(hosts, processes.running());
  return { hosts, members };
}

/** The set writes its own addresses into its data, so the next start tries the same ports first. */
export async function portsOfSet(dir: string, { members, port }: MongoPlan): Promise<number[]> {
  const file = join(dir, 'set.json');
  const remembered = readState<{ ports: number[] }>(file)?.ports;
  if (remembered && remembered.length !== members) {
    throw new Error(
      `${dir} holds a replica set of ${remembered.length}, not of ${members}: use another state directory, or delete this one to start from nothing.`,
    );
  }
  const ports = await choosePorts({ fixed: port, remembered, count: members, engine: 'MongoDB' });
  writeState(file, { ports });
  return ports;
}
