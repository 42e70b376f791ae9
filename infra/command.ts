import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export interface Finished {
  readonly ok: boolean;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

/** Runs a tool of this workspace to its end. Never throws: a tool that cannot be started has failed, and its output says why. */
export function command(program: string, args: readonly string[], cwd: string = root): Promise<Finished> {
  const toolFolders = [dirname(process.execPath), join(root, 'infra/node_modules/.bin'), join(root, 'node_modules/.bin')];
  const PATH = [...toolFolders, process.env.PATH].join(delimiter);
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => resolve({ ok: false, output: `${program}: ${error.message}` }));
    child.once('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString('utf8').trim() }));
  });
}
