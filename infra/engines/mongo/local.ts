import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { choosePorts, type PortClaims } from '../ports.ts';
import type { LocalPlace, LocalProcess } from '../processes.ts';
import { readState, writeState } from '../state.ts';
import { type MongoPlan, mongodArguments } from './arguments.ts';
import { untilMemberServes, untilSetReady } from './replica-set.ts';

export interface LocalSet {
  readonly hosts: readonly string[];
  readonly members: readonly LocalProcess[];
}

export async function startLocalMongo(binary: string, plan: MongoPlan, place: LocalPlace): Promise<LocalSet> {
  const { processes } = place;
  const dir = join(place.stateDir, 'mongo');
  const ports = await portsOfSet(dir, plan, place.claims);
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
export async function portsOfSet(dir: string, { members, port }: MongoPlan, claims: PortClaims): Promise<number[]> {
  const file = join(dir, 'set.json');
  const remembered = readState<{ ports: number[] }>(file)?.ports;
  if (remembered && remembered.length !== members) {
    throw new Error(
      `${dir} holds a replica set of ${remembered.length}, not of ${members}: use another state directory, or delete this one to start from nothing.`,
    );
  }
  const ports = await choosePorts({ fixed: port, remembered, count: members, engine: 'MongoDB' }, claims);
  writeState(file, { ports });
  return ports;
}
