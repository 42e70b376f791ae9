import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshDir, isAlive, logBook } from './fixtures.ts';
import { processIdentity } from './identity.ts';
import { startEngines } from './index.ts';
import { takeLock } from './lock.ts';

const dir = freshDir();

test('what a killed parent left behind is ended by the next start', async () => {
  const stateDir = join(dir, 'killed');
  const parent = await up(stateDir);
  const pids = children(stateDir);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  expect(pids.filter(isAlive)).toHaveLength(2);

  const { lines, log } = logBook();
  const engines = await startEngines({ stateDir, log, source: 'local' });

  expect(pids.filter(isAlive)).toEqual([]);
  expect(lines.filter((line) => line.startsWith('Ending what a killed run left behind'))).toHaveLength(1);
  await engines.stop();
});

test('a parent ended by Ctrl-C stops its engines first', async () => {
  const stateDir = join(dir, 'ended');
  const parent = await up(stateDir, '--only', 'mongo');
  const pids = children(stateDir);
  parent.kill('SIGINT');
  expect(await once(parent, 'exit')).toEqual([0, null]);

  expect(pids).toHaveLength(1);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a parent that exits without a stop, or has no listener for a signal, takes its engines with it', async () => {
  const program = `
    import { startEngines } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    const { mongodb } = await startEngines({ stateDir: process.argv[1], log: () => {}, source: 'local', only: 'mongo' });
    console.log(mongodb.pids[0]);
    process.argv[2] === 'exit' ? process.exit(3) : process.kill(process.pid, 'SIGTERM');
    setInterval(() => {}, 1000);`;
  for (const [way, code] of [
    ['exit', 3],
    ['signal', 1],
  ] as const) {
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program, join(dir, way), way], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [[pid], [exitCode]] = await Promise.all([once(parent.stdout, 'data'), once(parent, 'exit')]);
    expect(exitCode).toBe(code);
    await expect.poll(() => isAlive(Number(pid))).toBe(false);
  }
});

test('a stranger that got the number of a dead engine is left alone', async () => {
  const stranger = spawn('sleep', ['600']);
  const stateDir = freshDir();
  const child = { name: 'mongod 1', pid: stranger.pid, identity: 'an earlier process' };
  writeFileSync(
    join(stateDir, 'lock-4.json'),
    JSON.stringify({ owner: { pid: stranger.pid, identity: 'an earlier owner' }, children: [child] }),
  );

  const lock = await takeLock(stateDir, () => {});

  expect(processIdentity(stranger.pid ?? 0)).toBeDefined();
  lock.release();
  stranger.kill();
});

test('of many starts at once exactly one gets the state directory', async () => {
  const stateDir = freshDir();
  const program = `
    import { takeLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
    await takeLock(process.argv[1], () => {}).then(() => console.log('mine'), (error) => console.log(error.message));
    process.stdin.resume();`;
  const starts = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program, stateDir], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const answers = await Promise.all(starts.map(async (start) => String((await once(start.stdout, 'data'))[0]).trim()));
  for (const start of starts) start.kill('SIGKILL');

  expect(answers.filter((answer) => answer === 'mine')).toHaveLength(1);
  expect(answers.filter((answer) => answer.includes('already belong to process'))).toHaveLength(5);
});

async function up(stateDir: string, ...more: string[]): Promise<ChildProcess> {
  const main = join(import.meta.dirname, 'main.ts');
  const env = { ...process.env, SCHOOLBELL_ENGINES: 'local' };
  const parent = spawn(process.execPath, [main, 'up', '--state-dir', stateDir, ...more], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const chunk of parent.stdout) {
    said += chunk;
    if (said.includes('Ctrl-C')) return parent;
  }
  throw new Error(`The engines did not come up: ${said}`);
}

function children(stateDir: string): number[] {
  const [lock = ''] = readdirSync(stateDir).filter((name) => name.startsWith('lock-'));
  const held = JSON.parse(readFileSync(join(stateDir, lock), 'utf8')) as { children: { pid: number }[] };
  return held.children.map((child) => child.pid);
}
