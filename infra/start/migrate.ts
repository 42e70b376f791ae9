import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { lastLines, type Program } from './supervisor.ts';

/** Runs the step of each service that makes its collections and indexes, as a deployment does before traffic. */
export async function migrateAll(programs: readonly Program[]): Promise<void> {
  await Promise.all(programs.map(migrate));
}

async function migrate({ name, args, env, logFile }: Program): Promise<void> {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [...args, '--migrate'], { env, stdio: ['ignore', log, log] });
  closeSync(log);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${name} could not make its collections and indexes (exit status ${code}). ${lastLines(logFile)}`);
}
