import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processIdentity } from '../engines/identity.ts';
import { takeLock } from '../engines/lock.ts';
import { openClaims } from '../engines/ports.ts';
import { createSupervisor, type Program, type Supervised, type Supervisor } from './supervisor.ts';

/** Only for one that hangs. */
const limitMs = 120_000;
let dir: string;
let supervisor: Supervisor;
let lines: string[];
let changes: number;
const claims = openClaims();

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'schoolbell-supervisor-'));
  lines = [];
  changes = 0;
  supervisor = await open(true);
});
afterEach(async () => {
  await supervisor.stopAll();
  claims.release();
  rmSync(dir, { recursive: true });
});

test('a program that is killed comes back on the same port under another pid, and that is told', async () => {
  const service = supervisor.run(await program());
  await service.untilReady(limitMs);
  const [pid, told] = [service.pid, changes];
  service.signal('SIGKILL');
  await until(() => service.pid !== undefined && service.pid !== pid);
  await service.untilReady(limitMs);
  expect(lines).toEqual([expect.stringContaining('ended by itself (SIGKILL); it is started again in 0.2 s')]);
  expect(changes).toBeGreaterThan(told);
});

test('one that keeps dying is started again later and later', async () => {
  const service = supervisor.run(await program());
  await service.untilReady(limitMs);
  for (let n = 0; n < 3; n++) {
    const { pid } = service;
    service.signal('SIGKILL');
    await until(() => service.pid !== undefined && service.pid !== pid);
  }
  expect(lines.map((line) => /in ([\d.]+) s/.exec(line)?.[1])).toEqual(['0.2', '0.4', '0.8']);
});

test('one that ends before it was ever ready is a failed start: the end of its log says why', async () => {
  const service = supervisor.run(await program("console.error('the port is taken'); process.exit(7)"));
  await expect(service.untilReady(limitMs)).rejects.toThrow(/exit status 7.*the port is taken/s);
  // A start that is to come is told first.
  expect(lines).toEqual([]);
  expect(service.pid).toBeUndefined();
});

test('without restarts one that is killed stays down until it is started by hand', async () => {
  supervisor = await open(false);
  const service = supervisor.run(await program());
  await service.untilReady(limitMs);
  service.signal('SIGKILL');
  expect(await service.ended).toBe('SIGKILL');
  expect(lines).toEqual([]);
  expect(service.pid).toBeUndefined();
  service.start();
  await service.untilReady(limitMs);
});

test('stopping ends a program and what it started, frozen or not', async () => {
  const childFile = join(dir, 'child');
  const withChild = `const c = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    require('node:fs').writeFileSync(${JSON.stringify(childFile)}, String(c.pid)); ${serve}`;
  const service = supervisor.run(await program(withChild));
  await service.untilReady(limitMs);
  const child = Number(readFileSync(childFile, 'utf8'));
  service.signal('SIGSTOP');
  await service.stop();
  await until(() => processIdentity(child) === undefined);
  expect(service.pid).toBeUndefined();
});

test('what a killed starter left behind is known to the next one', async () => {
  const service: Supervised = supervisor.run(await program());
  await service.untilReady(limitMs);
  const { pid = 0 } = service;
  expect(recorded()).toMatchObject([{ name: 'service', pid }]);
  service.signal('SIGKILL');
  await until(() => service.pid !== undefined && service.pid !== pid);
  expect(recorded()).toMatchObject([{ name: 'service', pid: service.pid }]);
});

test('the log of the start before is kept beside the new one, and nobody else may read them', async () => {
  writeFileSync(join(dir, 'service.log'), 'the start before');
  const service = supervisor.run(await program());
  await service.untilReady(limitMs);
  expect(readFileSync(join(dir, 'service.log.1'), 'utf8')).toBe('the start before');
});

async function open(restart: boolean): Promise<Supervisor> {
  const lock = await takeLock(lockDirOf(restart), () => {});
  return createSupervisor({ lock, restart, log: (line) => lines.push(line), onChange: () => changes++ });
}

function lockDirOf(restart: boolean): string {
  return join(dir, restart ? 'restarting' : 'leaving');
}

function recorded(): unknown {
  return JSON.parse(readFileSync(join(lockDirOf(true), 'lock-1.json'), 'utf8')).children;
}

const serve = "require('node:http').createServer((q, r) => r.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');";

async function program(code = serve): Promise<Program> {
  const [port] = await claims.takeAny(1);
  return {
    name: 'service',
    args: ['-e', code],
    env: { PORT: String(port) },
    logFile: join(dir, 'service.log'),
    readyUrl: `http://127.0.0.1:${port}/`,
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(10);
}
