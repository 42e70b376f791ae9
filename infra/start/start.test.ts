import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { processIdentity } from '../engines/identity.ts';
import { projectRoot, type RunFile, readRunFile } from './run-file.ts';

/** Real starts of the real program, on the engines of the test run: what a terminal sees. */
let dir: string;
let starts: ChildProcess[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'schoolbell-main-'));
  starts = [];
});
afterEach(async () => {
  for (const start of starts) if (start.exitCode === null && start.signalCode === null) await ended(start, 'SIGTERM');
  rmSync(dir, { recursive: true, force: true });
});

test('it comes up, tells where everything is but no secret, brings back what dies, and on Ctrl-C leaves nothing behind', async () => {
  const start = launch();
  const run = await untilRunning();
  expect(Object.keys(run.services).sort()).toEqual(['billing', 'notification', 'registry']);
  expect(run.engines.mongodb).toEqual({ uri: inject('mongoUri'), via: 'given' });
  expect((await fetch(run.mailbox)).status).toBe(200);
  expect(await (await fetch(run.services.billing?.metrics ?? '')).text()).toContain('schoolbell_outbox_depth');
  expect((await fetch(run.gateways.vnpay?.ipn ?? '')).status).toBe(200);

  for (const secret of [...Object.values(run.tokens), run.gateways.vnpay?.hashSecret ?? '']) expect(said.get(start)).not.toContain(secret);

  const pid = run.services.registry?.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  const again = await until(() => {
    const now = readRunFile(runFile()).services.registry;
    return now && now.pid !== pid && now.pid !== 0 ? now : undefined;
  });
  expect(again).toEqual({ ...run.services.registry, pid: again.pid });

  const pids = pidsOf(readRunFile(runFile()));
  expect(await ended(start, 'SIGINT')).toBe(0);
  expect(pids.filter((each) => processIdentity(each) !== undefined)).toEqual([]);
  expect(existsSync(runFile())).toBe(false);
});

test('a second start beside it is turned away by name, and a start that was killed is cleaned up by the next one', async () => {
  const first = launch();
  const run = await untilRunning();
  const second = launch();
  expect(await ended(second)).toBe(1);
  expect(said.get(second)).toContain(`Schoolbell already runs here (process ${first.pid})`);

  await ended(first, 'SIGKILL');
  const left = pidsOf(run).map((pid) => [pid, processIdentity(pid)] as const);
  expect(left.every(([, identity]) => identity !== undefined)).toBe(true);
  const third = launch();
  await until(() => (said.get(third)?.includes('Schoolbell is ready.') ? true : undefined));
  expect(said.get(third)).toContain('Ending what a killed run left behind');
  expect(left.filter(([pid, identity]) => processIdentity(pid) === identity)).toEqual([]);
  const now = readRunFile(runFile());
  expect(now.school).toEqual(run.school);
  expect(now.services.billing?.grpc).toBe(run.services.billing?.grpc);
});

const said = new WeakMap<ChildProcess, string>();

function launch(): ChildProcess {
  const args = [join(projectRoot, 'infra/start/main.ts'), '--empty', '--state-dir', dir];
  const env = { ...process.env, MONGODB_URI: inject('mongoUri'), KAFKA_BROKERS: inject('kafkaBrokers').join(',') };
  const start = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  said.set(start, '');
  for (const stream of [start.stdout, start.stderr]) stream.on('data', (text) => said.set(start, said.get(start) + String(text)));
  starts.push(start);
  return start;
}

function untilRunning(): Promise<RunFile> {
  const [start] = starts;
  return until(() => {
    if (start?.exitCode !== null) throw new Error(start && said.get(start));
    return said.get(start)?.includes('Ctrl-C stops everything') ? readRunFile(runFile()) : undefined;
  });
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    await sleep(20);
  }
}

async function ended(start: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  if (start.exitCode !== null) return start.exitCode;
  const exit = once(start, 'exit');
  if (signal) start.kill(signal);
  const [code] = await exit;
  return code;
}

function pidsOf(run: RunFile): number[] {
  return Object.values(run.services).map(({ pid }) => pid);
}

function runFile(): string {
  return join(dir, 'run.json');
}
