import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegistryServiceClient } from '@schoolbell/contracts/school/registry/v1/registry_service';
import { type Address, createLogger, openAuthenticate, startRpcServer, tokenAudience, tokenIssuer } from '@schoolbell/service-kit';
import { rpcClient } from '@schoolbell/service-kit/rpc-client';
import { type TestDatabase, testDatabase } from '@schoolbell/testkit';
import { clock } from '../src/edges/clock.ts';
import { largestRequestBytes, registryRpc } from '../src/edges/rpc.ts';
import { collections } from '../src/store/indexes.ts';
import { type RegistryTx, registryTx } from '../src/tx.ts';

export interface Served {
  readonly database: TestDatabase<RegistryTx>;
  readonly address: Address;
  /** A client of one school in one role, over a real socket. */
  readonly client: (schoolId: string, role: string, subject?: string) => RegistryClient;
  /** Runs the clock until no import has more to do. */
  readonly runClock: () => Promise<void>;
  readonly close: () => Promise<void>;
}
export type RegistryClient = ReturnType<typeof connect>;

/** Registry's gRPC edge on a port of its own, with real tokens and a database of its own. */
export async function serveRegistry(): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'schoolbell-registry-'));
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwksFile = join(folder, 'jwks.json');
  await writeFile(jwksFile, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'test', alg: 'EdDSA', use: 'sig' }] }));
  const log = createLogger('test', 'silent');
  const database = await testDatabase(collections, registryTx);
  const deps = { transact: database.transact, read: database.read, now: () => new Date(), wake: () => undefined };
  const server = await startRpcServer({
    address: { host: '127.0.0.1', port: 0 },
    services: [registryRpc(deps)],
    maxMessageBytes: largestRequestBytes,
    authenticate: await openAuthenticate({ jwksFile, log }),
    log,
  });
  const clients: RegistryClient[] = [];
  const [tick] = clock({ ...deps, log });
  return {
    database,
    address: server.address,
    client: (schoolId, role, subject = `${role}@${schoolId}`) => {
      const client = connect(server.address, () =>
        tokenOf({ school: schoolId, roles: [role], sub: subject }, (text) => sign(null, text, privateKey)),
      );
      clients.push(client);
      return client;
    },
    runClock: async () => {
      while (await tick.run(new AbortController().signal));
    },
    close: async () => {
      for (const { close } of clients) close();
      await server.stop(1_000);
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function connect(address: Address, token: () => string) {
  return rpcClient(RegistryServiceClient, { address, token, deadlineMs: 60_000, maxMessageBytes: 2 * largestRequestBytes });
}

function tokenOf(claims: { school: string; roles: string[]; sub: string }, signed: (text: Buffer) => Buffer): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(Date.now() / 1_000);
  const text = `${encode({ alg: 'EdDSA', kid: 'test' })}.${encode({ ...claims, aud: tokenAudience, iss: tokenIssuer, iat, exp: iat + 600 })}`;
  return `${text}.${signed(Buffer.from(text)).toString('base64url')}`;
}
