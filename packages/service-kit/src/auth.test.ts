import { createHmac } from 'node:crypto';
import { utimes, writeFile } from 'node:fs/promises';
import { ok } from '@schoolbell/kernel';
import { exportSPKI, importJWK } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newKey, newSigner } from '../test/signer.ts';
import { type Authenticate, openAuthenticate } from './auth.ts';
import { createLogger } from './logger.ts';

let signer: Awaited<ReturnType<typeof newSigner>>;
let authenticate: Authenticate;
let lines: string[];
let clock = 0;
const day = 86_400;
const year = 365 * day;
const refused = { ok: false, refusal: { code: 'UNAUTHENTICATED' } };

beforeEach(async () => {
  // Who signs tokens has the same clock as who reads them.
  vi.useFakeTimers({ toFake: ['Date'] });
  signer = await newSigner();
  lines = [];
  clock = Date.now();
  const log = createLogger('test', 'info', { write: (line) => lines.push(line) });
  authenticate = await openAuthenticate({ jwksFile: signer.jwksFile, log, now: () => new Date(clock) });
});
afterEach(async () => {
  vi.useRealTimers();
  await signer.remove();
});

const bearer = async (...args: Parameters<typeof signer.token>) => `Bearer ${await signer.token(...args)}`;

function unsigned(header: object, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.`;
}

describe('a bearer token', () => {
  test('tells who calls, for which school and in which roles', async () => {
    const header = await bearer({ sub: 'ke-toan', school: 'school-a', roles: ['accountant', 'teacher'] });
    expect(await authenticate(header)).toEqual(ok({ subject: 'ke-toan', schoolId: 'school-a', roles: ['accountant', 'teacher'] }));
    expect(await authenticate(header)).toEqual(ok({ subject: 'ke-toan', schoolId: 'school-a', roles: ['accountant', 'teacher'] }));
  });

  test('that is missing, or no bearer token at all, lets nobody in', async () => {
    for (const header of [undefined, '', 'Bearer', 'Bearer ', 'Basic dTpw', 'Bearer a.b', `Bearer ${'a'.repeat(5_000)}.b.c`])
      expect(await authenticate(header)).toEqual(refused);
  });

  test('with alg none lets nobody in', async () => {
    const claims = {
      sub: 'x',
      school: 'school-a',
      roles: ['system'],
      iss: 'schoolbell',
      aud: 'schoolbell',
      exp: Math.floor(clock / 1_000) + 600,
    };
    expect(await authenticate(`Bearer ${unsigned({ alg: 'none', kid: 'first' }, claims)}`)).toEqual(refused);
  });

  test('signed by HMAC with the public key as the secret lets nobody in', async () => {
    const claims = {
      sub: 'x',
      school: 'school-a',
      roles: ['system'],
      iss: 'schoolbell',
      aud: 'schoolbell',
      exp: Math.floor(clock / 1_000) + 600,
    };
    const head = unsigned({ alg: 'HS256', kid: 'first' }, claims).slice(0, -1);
    const key = await importJWK({ ...signer.key.publicJwk }, 'EdDSA', { extractable: true });
    if (key instanceof Uint8Array) throw new Error('not a public key');
    const signature = createHmac('sha256', await exportSPKI(key))
      .update(head)
      .digest('base64url');
    expect(await authenticate(`Bearer ${head}.${signature}`)).toEqual(refused);
  });

  test('by a key that we do not know, under a name that we do, lets nobody in', async () => {
    expect(await authenticate(await bearer({}, await newKey('first')))).toEqual(refused);
  });

  test('that has expired lets nobody in, after thirty seconds for clocks that differ', async () => {
    expect(await authenticate(await bearer({ expiresIn: -10 }))).toMatchObject({ ok: true });
    expect(await authenticate(await bearer({ expiresIn: -40 }))).toEqual(refused);
  });

  test('that was good once is refused from the moment it expires', async () => {
    const header = await bearer({ expiresIn: 60 });
    expect(await authenticate(header)).toMatchObject({ ok: true });
    clock += 100_000;
    expect(await authenticate(header)).toEqual(refused);
  });

  test('without an end lets nobody in', async () => {
    expect(await authenticate(await bearer({ expiresIn: undefined }))).toEqual(refused);
  });

  test('without the moment it was made, or made in the future, lets nobody in', async () => {
    expect(await authenticate(await bearer({ issuedIn: undefined }))).toEqual(refused);
    expect(await authenticate(await bearer({ issuedIn: 100 * year, expiresIn: 100 * year + 600 }))).toEqual(refused);
    expect(lines.join()).toContain('iat');
  });

  test('that lives for longer than 32 days lets nobody in, however soon it ends', async () => {
    expect(await authenticate(await bearer({ expiresIn: 30 * day }))).toMatchObject({ ok: true });
    expect(await authenticate(await bearer({ expiresIn: 32 * day + 1 }))).toEqual(refused);
    expect(await authenticate(await bearer({ issuedIn: -year, expiresIn: 60 }))).toEqual(refused);
    expect(await authenticate(await bearer({ expiresIn: 100 * year }))).toEqual(refused);
  });

  test('that names no key lets nobody in, though the file holds one key alone and it signed the token', async () => {
    const { privateKey } = signer.key;
    expect(await authenticate(await bearer({}, { privateKey }))).toEqual(refused);
    expect(lines.join()).toContain('kid');
  });

  test('of the future lets nobody in yet', async () => {
    expect(await authenticate(await bearer({ notBeforeIn: 120 }))).toEqual(refused);
  });

  test('for another audience or by another issuer lets nobody in', async () => {
    expect(await authenticate(await bearer({ audience: 'elsewhere' }))).toEqual(refused);
    expect(await authenticate(await bearer({ issuer: 'elsewhere' }))).toEqual(refused);
  });

  test('without a school lets nobody in', async () => {
    expect(await authenticate(await bearer({ school: '' }))).toEqual(refused);
  });

  test('that is refused leaves the reason in the log, and nothing of itself', async () => {
    const token = await signer.token({ audience: 'elsewhere', sub: 'nguyen-van-an' });
    await authenticate(`Bearer ${token}`);
    expect(lines.join()).toContain('aud');
    expect(lines.join()).not.toContain(token.slice(0, 30));
    expect(lines.join()).not.toContain('nguyen-van-an');
  });
});

describe('the key file', () => {
  test('is read again when it changes: the new key counts, and a removed one no longer', async () => {
    const second = await newKey('second');
    const old = await bearer();
    expect(await authenticate(old)).toMatchObject({ ok: true });
    await signer.publish(signer.key, second);
    clock += 6_000;
    expect(await authenticate(await bearer({}, second))).toMatchObject({ ok: true });
    expect(await authenticate(old)).toMatchObject({ ok: true });
    await signer.publish(second);
    clock += 6_000;
    expect(await authenticate(old)).toEqual(refused);
  });

  test('that is broken while we run is logged, and the keys of before stay', async () => {
    await writeFile(signer.jwksFile, '{');
    await utimes(signer.jwksFile, new Date(), new Date(clock + 10_000));
    clock += 6_000;
    expect(await authenticate(await bearer())).toMatchObject({ ok: true });
    expect(lines.join()).toContain('cannot be used');
  });

  test('with a private part is refused at start', async () => {
    await writeFile(signer.jwksFile, JSON.stringify({ keys: [{ ...signer.key.publicJwk, d: 'c2VjcmV0' }] }));
    await expect(openAuthenticate({ jwksFile: signer.jwksFile, log: createLogger('test', 'silent') })).rejects.toThrow('without "d"');
  });
});
