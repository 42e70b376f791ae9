import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunFile, tokenRoles, writeRunFile } from '../../start/run-file.ts';
import { runCommandLine } from '../program.ts';

let folder: string;
let far: Server;
let ready: string;
let busy: string;
const silent = 'http://127.0.0.1:1/metrics';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'schoolbell-status-'));
  mkdirSync(join(folder, '.schoolbell'));
  far = createServer((request, response) => {
    const isReady = request.headers.host?.startsWith('127.0.0.1') ?? false;
    response.statusCode = isReady ? 200 : 503;
    response.end(JSON.stringify(isReady ? {} : { reasons: ['MongoDB does not answer'] }));
  });
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
  const { port } = far.address() as AddressInfo;
  ready = `http://127.0.0.1:${port}/metrics`;
  busy = `http://localhost:${port}/metrics`;
});
afterEach(async () => {
  far.closeAllConnections();
  await new Promise((resolve) => far.close(resolve));
  rmSync(folder, { recursive: true });
});

test('where every service is ready it ends with 0', async () => {
  expect(await statusOf({ registry: ready, billing: ready })).toMatchObject({ exit: 0, err: '' });
});

test('one that is not ready makes it end with 1, and is named with its reason', async () => {
  const { exit, out, err } = await statusOf({ registry: ready, billing: busy });
  expect(exit).toBe(1);
  expect(out).toMatch(/billing +not ready .* MongoDB does not answer/);
  expect(err).toContain('Not ready: billing.');
});

test('one that does not answer makes it end with 3, whatever the others say; the table is shown all the same', async () => {
  const { exit, out, err } = await statusOf({ registry: ready, billing: silent, notification: busy });
  expect(exit).toBe(3);
  expect(out).toMatch(/billing +no answer/);
  expect(err).toContain('No answer from billing.');
  expect((await statusOf({ billing: silent })).exit).toBe(3);
  const json = await statusOf({ registry: ready, billing: silent }, '--json');
  expect(JSON.parse(json.out).services).toMatchObject([{ state: 'ready' }, { state: 'no answer' }]);
  expect(JSON.parse(json.err)).toMatchObject({ error: { code: 'UNREACHABLE' } });
});

async function statusOf(metrics: Record<string, string>, ...more: string[]): Promise<{ exit: number; out: string; err: string }> {
  const services = Object.fromEntries(Object.entries(metrics).map(([name, url]) => [name, { metrics: url, pid: 1 }]));
  writeRunFile(join(folder, '.schoolbell', 'run.json'), {
    engines: { mongodb: { uri: 'mongodb://127.0.0.1:1', via: 'local' }, kafka: { brokers: ['127.0.0.1:1'], via: 'local' } },
    services,
    mailbox: 'http://127.0.0.1:1/messages',
    school: { id: '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10', code: '79000701' },
    tokens: Object.fromEntries(tokenRoles.map((role) => [role, `${role}-token`])) as RunFile['tokens'],
    gateways: {},
  });
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const [out, err] = [text(stdout), text(stderr)];
  const exit = await runCommandLine(['status', ...more], { stdin, stdout, stderr, env: {}, cwd: folder });
  stdout.end();
  stderr.end();
  return { exit, out: await out, err: await err };
}
