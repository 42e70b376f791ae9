import { status } from '@grpc/grpc-js';
import { NotificationServiceClient } from '@schoolbell/contracts/school/notification/v1/notification_service';
import { err, ok } from '@schoolbell/kernel';
import { until } from '@schoolbell/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newAuthority } from '../test/certificates.ts';
import { startNotification } from '../test/notification.ts';
import { newSigner } from '../test/signer.ts';
import { type Authenticate, openAuthenticate } from './auth.ts';
import { withCallScope } from './call-scope.ts';
import { createHttpApp, httpUrl, startHttp } from './http.ts';
import { kitRefusal } from './kit-refusals.ts';
import { createLogger } from './logger.ts';
import { type RpcClientOptions, rpcClient } from './rpc-client.ts';
import { decodeRefusal } from './rpc-errors.ts';
import { readTls } from './tls.ts';

const log = createLogger('test', 'silent');
let signer: Awaited<ReturnType<typeof newSigner>>;
let authenticate: Authenticate;
beforeAll(async () => {
  signer = await newSigner();
  authenticate = await openAuthenticate({ jwksFile: signer.jwksFile, log });
});
afterAll(() => signer.remove());
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function connect(options: RpcClientOptions) {
  const client = rpcClient(NotificationServiceClient, { token: () => signer.token(), ...options });
  closing.push(client.close);
  return client;
}

const refusalOf = (call: Promise<unknown>) => call.then(() => undefined, decodeRefusal);
/** Of calls that end by themselves. */
const deadlineMs = 60_000;
const nothing = { pending: 0n, sending: 0n, sent: 0n, failed: 0n, waitingForRoster: 0n };

describe('a remote', () => {
  test('that is away is not called for a while, and called again when it is back', async () => {
    const first = await startNotification(authenticate);
    const { address } = first;
    await first.stop(100);
    const client = connect({ address, deadlineMs, breaker: { volumeThreshold: 3, resetMs: 100 } });
    await until(async () => {
      const refused = await refusalOf(client.countDeliveries({}));
      expect(refused).toMatchObject({ status: status.UNAVAILABLE });
      return refused?.message.includes('is not called at the moment');
    }, 0);
    const second = await startNotification(authenticate, {}, { address });
    closing.push(() => second.stop(100));
    await until(async () => (await refusalOf(client.countDeliveries({}))) === undefined);
  });

  test('that refuses is healthy: the breaker stays closed', async () => {
    const server = await startNotification(authenticate, { getDelivery: async () => err(kitRefusal({ code: 'ROLE_NOT_ALLOWED' })) });
    closing.push(() => server.stop(100));
    const client = connect({ address: server.address, breaker: { volumeThreshold: 3 } });
    for (let i = 0; i < 10; i++)
      expect(await refusalOf(client.getDelivery({ deliveryId: 'd' }))).toMatchObject({ code: 'ROLE_NOT_ALLOWED' });
  });

  // Never answers; each call then ends at the earlier of the two deadlines.
  const hangs = async (ownMs: number, callersMs: number) => {
    const server = await startNotification(authenticate, { countDeliveries: () => new Promise(() => undefined) });
    closing.push(() => server.stop(100));
    const client = connect({ address: server.address, deadlineMs: ownMs, breaker: { volumeThreshold: 3 } });
    const call = () => {
      const scope = { deadline: new Date(Date.now() + callersMs), signal: new AbortController().signal };
      return withCallScope(scope, () => refusalOf(client.countDeliveries({})));
    };
    return [await call(), await call(), await call(), await call()].map((refusal) => refusal?.message);
  };
  const notCalled = expect.stringContaining('is not called at the moment');

  test('that hangs is not called for a while, though our own caller would have waited a little longer', async () => {
    expect((await hangs(1_000, 1_900)).at(-1)).toEqual(notCalled);
  });

  test('is not blamed for a caller of ours who gave it too little time', async () => {
    expect(await hangs(5_000, 200)).not.toContainEqual(notCalled);
  });

  test('gets no more calls at once than its capacity', async () => {
    const finish = Promise.withResolvers<void>();
    const server = await startNotification(authenticate, {
      countDeliveries: async () => {
        await finish.promise;
        return ok(nothing);
      },
    });
    closing.push(() => server.stop(100));
    const client = connect({ address: server.address, breaker: { capacity: 2 } });
    const atWork = [client.countDeliveries({}), client.countDeliveries({})];
    expect(await refusalOf(client.countDeliveries({}))).toMatchObject({ status: status.UNAVAILABLE });
    finish.resolve();
    expect(await Promise.all(atWork)).toEqual([nothing, nothing]);
  });
});

describe('with certificates', () => {
  const authority = newAuthority();
  const address = { host: '127.0.0.1', port: 0 };
  const serverTls = { ...authority.issue('billing'), ca: authority.ca };

  test('both sides show theirs, and strangers do not get in', async () => {
    const server = await startNotification(authenticate, {}, { address, tls: serverTls });
    closing.push(() => server.stop(100));
    const known = connect({ address: server.address, tls: { ...authority.issue('registry'), ca: authority.ca } });
    expect((await known.countDeliveries({})).failed).toBe(0n);
    const stranger = connect({
      address: server.address,
      deadlineMs,
      tls: { ...newAuthority().issue('registry'), ca: authority.ca },
    });
    expect(await refusalOf(stranger.countDeliveries({}))).toMatchObject({ status: status.UNAVAILABLE });
    const plain = connect({ address: server.address, deadlineMs });
    expect(await refusalOf(plain.countDeliveries({}))).toMatchObject({ status: status.UNAVAILABLE });
  });

  test('a server of another authority is not believed', async () => {
    const server = await startNotification(authenticate, {}, { address, tls: serverTls });
    closing.push(() => server.stop(100));
    const other = newAuthority();
    const client = connect({ address: server.address, deadlineMs, tls: { ...other.issue('registry'), ca: other.ca } });
    expect(await refusalOf(client.countDeliveries({}))).toMatchObject({ status: status.UNAVAILABLE });
  });

  test('HTTP is served over TLS', async () => {
    const tls = authority.issue('portal');
    const { app } = await createHttpApp({ name: 'test', authenticate, log, tls });
    const server = await startHttp(app, address, tls);
    closing.push(() => server.stop(100));
    expect(httpUrl(server.address, tls)).toBe(`https://127.0.0.1:${server.address.port}`);
    const found = await getOverTls(`${httpUrl(server.address, tls)}/openapi.json`, authority.ca);
    expect(JSON.parse(found)).toMatchObject({ openapi: '3.1.0' });
  });

  test('files that are not there are told at start', async () => {
    await expect(readTls({ SCHOOLBELL_TLS_CERT_FILE: '/nowhere.crt', SCHOOLBELL_TLS_KEY_FILE: '/nowhere.key' })).rejects.toThrow(
      '/nowhere.crt',
    );
  });
});

async function getOverTls(url: string, ca: Buffer): Promise<string> {
  const { get } = await import('node:https');
  return new Promise((resolve, reject) => {
    get(url, { ca }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}
