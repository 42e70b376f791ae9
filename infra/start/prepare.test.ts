import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openClaims, type PortClaims } from '../engines/ports.ts';
import { readOptions } from './arguments.ts';
import { emptyStateDir, type PrepareOptions, prepare, takeStateDir } from './prepare.ts';
import { findRunFile, type RunFile, readRunFile, tokenRoles, writeRunFile } from './run-file.ts';

let dir: string;
let claims: PortClaims;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'schoolbell-start-'));
  claims = openClaims();
});
afterEach(() => {
  claims.release();
  rmSync(dir, { recursive: true, force: true });
});

test('every role gets a token for this school that the public keys verify, and the private key is for its owner only', async () => {
  const { tokens, identity, setting } = await prepared();
  const keys = createLocalJWKSet(JSON.parse(readFileSync(setting.jwksFile, 'utf8')));
  for (const role of tokenRoles) {
    const { payload } = await jwtVerify(tokens[role], keys, { algorithms: ['EdDSA'], issuer: 'schoolbell', audience: 'schoolbell' });
    expect(payload).toMatchObject({ sub: `${role}@79000701`, school: identity.school.id, roles: [role] });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(30 * 86_400);
  }
  expect(readFileSync(setting.jwksFile, 'utf8')).not.toContain('"d"');
  for (const file of ['keys/signing-key.json', 'gateways.json', 'vnpay-merchants.json', 'identity.json']) expect(modeOf(file)).toBe('600');
});

test('a second start has the same school, secret, key and ports', async () => {
  const first = await prepared();
  const second = await prepared();
  expect(second.identity).toEqual(first.identity);
  expect(second.setting.ports).toEqual(first.setting.ports);
  expect(second.setting.gateways).toEqual(first.setting.gateways);
  expect(readFileSync(second.setting.jwksFile)).toEqual(readFileSync(first.setting.jwksFile));
});

test('both sides of the gateway are told the same merchant', async () => {
  const { identity, setting } = await prepared();
  const { vnpay } = JSON.parse(readFileSync(setting.gateways.file, 'utf8'));
  const { merchants } = JSON.parse(readFileSync(setting.gateways.merchantsFile, 'utf8'));
  expect(vnpay.merchants[0]).toMatchObject({ schoolId: identity.school.id, schoolCode: '79000701', tmnCode: merchants[0].tmnCode });
  expect(vnpay.merchants[0].secrets[0].secret).toBe(merchants[0].hashSecret);
  expect(merchants[0].ipnUrl).toBe(`http://127.0.0.1:${setting.ports['billing-http']}/gateways/vnpay/79000701/ipn`);
  expect(setting.gateways.shown.vnpay?.ipn).toBe(merchants[0].ipnUrl);
});

test('a port of last time that somebody else has now is replaced; a wished one is refused by its option', async () => {
  const { setting } = await prepared();
  const stranger = createServer();
  await new Promise<void>((resolve) => stranger.listen(setting.ports.mailbox, '127.0.0.1', resolve));
  try {
    const again = await prepared();
    expect(again.setting.ports.mailbox).not.toBe(setting.ports.mailbox);
    expect(again.setting.ports.vnpay).toBe(setting.ports.vnpay);
    await expect(prepared({ ports: { smtp: setting.ports.mailbox } })).rejects.toThrow(
      `--port-smtp ${setting.ports.mailbox} cannot be had`,
    );
  } finally {
    stranger.close();
  }
});

test('wished ports are taken', async () => {
  const [port = 0] = await claims.takeAny(1);
  const options = readOptions(['--port-billing-http', String(port), '--state-dir', dir]);
  if ('wrong' in options) throw new Error(options.wrong);
  expect((await prepared(options)).setting.ports['billing-http']).toBe(port);
});

test.each([['--port-mailbox', 'x'], ['--port-mailbox', '70000'], ['--port-kitchen', '1'], ['--frsh'], ['extra']])(
  '%j %j is refused with a sentence',
  (...args) => {
    expect(readOptions(args)).toMatchObject({ wrong: expect.stringMatching(/\w/) });
  },
);

test('two starts at once: the second one is told who runs', async () => {
  const lock = await takeStateDir(dir, () => {});
  await expect(takeStateDir(dir, () => {})).rejects.toThrow(`Schoolbell already runs here (process ${process.pid})`);
  lock.release();
  (await takeStateDir(dir, () => {})).release();
});

test('a fresh start keeps nothing but the lock', async () => {
  const lock = await takeStateDir(dir, () => {});
  const before = await prepared();
  emptyStateDir(dir);
  const after = await prepared();
  expect(after.identity.school.id).not.toBe(before.identity.school.id);
  await expect(takeStateDir(dir, () => {})).rejects.toThrow('already runs');
  lock.release();
});

test('run.json comes back as it was written, is for its owner only, and is found from below', async () => {
  const { tokens, identity, setting } = await prepared();
  const run: RunFile = {
    engines: { mongodb: { uri: 'mongodb://127.0.0.1:1', via: 'local' }, kafka: { brokers: ['127.0.0.1:2'], via: 'docker' } },
    services: { billing: { grpc: '127.0.0.1:3', http: 'http://127.0.0.1:4', metrics: 'http://127.0.0.1:5/metrics', pid: 6 } },
    mailbox: 'http://127.0.0.1:7/messages',
    school: { id: identity.school.id, code: identity.school.code },
    tokens,
    gateways: setting.gateways.shown,
  };
  const file = join(dir, 'run.json');
  writeRunFile(file, run);
  expect(readRunFile(file)).toEqual(run);
  expect(modeOf('run.json')).toBe('600');
  writeFileSync(file, '{"engines":{}}');
  expect(() => readRunFile(file)).toThrow('is not what "npm start" writes');
  expect(findRunFile(dir)).not.toBe(file);
});

/** What the next start decides: the one before has stopped. */
function prepared(options: Partial<PrepareOptions> = {}) {
  claims.release();
  return prepare({ stateDir: dir, ...options }, claims);
}

function modeOf(file: string): string {
  return (statSync(join(dir, file)).mode & 0o777).toString(8);
}
