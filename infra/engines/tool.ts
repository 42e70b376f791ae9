import { spawn } from 'node:child_process';

export interface Finished {
  readonly ok: boolean;
  readonly output: string;
}

/** Undefined when the program is not on this machine. */
export function runTool(command: string, args: readonly string[]): Promise<Finished | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const endWithParent = () => child.kill();
    process.once('exit', endWithParent);
    child.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(undefined) : reject(error)));
    child.once('close', (code) => {
      process.off('exit', endWithParent);
      resolve({ ok: code === 0, output: output.trim() });
    });
  });
}

export function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? '';
}
