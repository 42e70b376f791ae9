import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type StateLock, takeLock } from '../engines/lock.ts';
import type { PortClaims } from '../engines/ports.ts';
import type { Log } from '../engines/wait.ts';
import { writeGateways } from './gateways.ts';
import { type Identity, openIdentity } from './identity.ts';
import { openKeys, type SigningKeys } from './keys.ts';
import { choosePorts, type Ports } from './ports.ts';
import type { Setting } from './programs.ts';
import type { RunFile } from './run-file.ts';

/** What a start decides before anything runs. */
export interface Prepared {
  readonly identity: Identity;
  readonly tokens: RunFile['tokens'];
  readonly keys: SigningKeys;
  readonly setting: Setting;
}

export interface PrepareOptions {
  readonly stateDir: string;
  readonly ports?: Partial<Ports>;
  readonly nodeEnv?: Setting['nodeEnv'];
  readonly env?: Setting['env'];
  readonly databasePrefix?: string;
  readonly ipnRetryEveryMs?: number;
}

export async function prepare(options: PrepareOptions, claims: PortClaims): Promise<Prepared> {
  const { stateDir, nodeEnv = 'development', env = {}, databasePrefix = 'schoolbell', ipnRetryEveryMs } = options;
  const identity = openIdentity(stateDir);
  const ports = await choosePorts(join(stateDir, 'ports.json'), options.ports ?? {}, claims);
  const keys = await openKeys(join(stateDir, 'keys'));
  const setting: Setting = {
    stateDir,
    ports,
    gateways: writeGateways(stateDir, identity, ports),
    nodeEnv,
    jwksFile: keys.jwksFile,
    databasePrefix,
    env,
    ipnRetryEveryMs,
  };
  return { identity, tokens: await keys.tokensFor(identity.school), keys, setting };
}

/** One start at a time; what a killed one left behind is ended first. */
export async function takeStateDir(stateDir: string, log: Log): Promise<StateLock> {
  mkdirSync(stateDir, { recursive: true });
  try {
    return await takeLock(stateDir, log);
  } catch (error) {
    const [, owner] = /belong to process (\d+)/.exec(String(error)) ?? [];
    if (owner === undefined) throw error;
    throw new Error(`Schoolbell already runs here (process ${owner}): use that one, or stop it with Ctrl-C in its terminal first.`);
  }
}

/** Everything but the locks, whose numbers must go on. */
export function emptyStateDir(stateDir: string): void {
  for (const name of readdirSync(stateDir)) if (!/^\.?lock-/.test(name)) rmSync(join(stateDir, name), { recursive: true, force: true });
}
