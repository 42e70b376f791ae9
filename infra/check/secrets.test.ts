import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from '../command.ts';
import { secretsIn, trackedFiles } from './secrets.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schoolbell-secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function kindsIn(file: string, content: string): Promise<string[]> {
  await mkdir(join(folder, dirname(file)), { recursive: true });
  await writeFile(join(folder, file), content);
  return (await secretsIn(folder, [file])).map(({ line, kind }) => `${line}: ${kind}`);
}

const { privateKey } = generateKeyPairSync('ed25519');
const base64 = (bytes: number) => randomBytes(bytes).toString('base64url');

test.each([
  ['private key', `\n${privateKey.export({ type: 'pkcs8', format: 'pem' })}`],
  ['private JSON Web Key', `\n${JSON.stringify(privateKey.export({ format: 'jwk' }))}`],
  ['signed token', `\nconst token = 'eyJ${base64(20)}.eyJ${base64(20)}.${base64(64)}';`],
  ['password in an address', `\nMONGODB_URI=mongodb://admin:${'hunter2'}@db.example.org/`],
  ['secret in clear', `\nconst hashSecret = '${'AB1'.repeat(11)}';`],
  ['long hexadecimal value', `\nconst key = 'a${randomBytes(32).toString('hex')}0';`],
])('a %s is found, with its line', async (kind, content) => {
  expect(await kindsIn('services/billing/src/config.ts', content)).toEqual([`2: ${kind}`]);
});

test.each([
  ['an address whose password comes from the environment', `const uri = \`mongodb://admin:\${password}@db\`;`],
  ['an address on this machine', 'mongodb://school:topsecret@127.0.0.1:1/'],
  ['a secret in words', "const secret = 'a-secret-of-the-merchant';"],
  ['an id', "const id = '0190f5e0-8f5b-7cc3-98c4-dc0c0c07398f';"],
  ['a trace', "const trace = '4bf92f3577b34da6a3ce929d0e0e4736';"],
])('%s is no secret', async (_, content) => {
  expect(await kindsIn('services/billing/src/config.ts', content)).toEqual([]);
});

test('published test vectors may stand in the tests of the gateway, and nowhere else', async () => {
  const vector = `const hash = 'a${randomBytes(64).toString('hex')}0';`;
  expect(await kindsIn('services/billing/src/edges/payments/gateways/vnpay.test.ts', vector)).toEqual([]);
  expect(await kindsIn('services/billing/src/edges/payments/gateways/vnpay.ts', vector)).toEqual(['1: long hexadecimal value']);
});

test('installed packages are not searched', async () => {
  expect((await trackedFiles(root)).filter((file) => file.includes('node_modules/'))).toEqual([]);
});

test('a folder that is not under git is searched too', async () => {
  await mkdir(join(folder, 'node_modules/left-out'), { recursive: true });
  for (const file of ['node_modules/left-out/a.ts', 'b.ts', '.env']) await writeFile(join(folder, file), '');
  expect((await trackedFiles(folder)).sort()).toEqual(['.env', 'b.ts']);
});
