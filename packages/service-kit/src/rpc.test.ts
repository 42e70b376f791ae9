import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { access } from '@schoolbell/contracts';
import { NotificationServiceClient, NotificationServiceService } from '@schoolbell/contracts/school/notification/v1/notification_service';
import { err, ok, type Refusal, vnd } from '@schoolbell/kernel';
import { service as healthService } from 'grpc-health-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startNotification } from '../test/notification.ts';
import { newSigner } from '../test/signer.ts';
import { type Address, formatAddress } from './address.ts';
import { type Authenticate, openAuthenticate } from './auth.ts';
import { createLogger } from './logger.ts';
import { type Call, type Handlers, rpcService } from './rpc.ts';
import { rpcClient } from './rpc-client.ts';
import { decodeRefusal } from './rpc-errors.ts';
import { wireRefusal } from './wire-refusal.ts';

let signer: Awaited<ReturnType<typeof newSigner>>;
let authenticate: Authenticate;
beforeAll(async () => {
  signer = await newSigner();
  authenticate = await openAuthenticate({ jwksFile: signer.jwksFile, log: createLogger('test', 'silent') });
});
afterAll(() => signer.remove());

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(...[handlers, options]: [Parameters<typeof startNotification>[1]?, Parameters<typeof startNotification>[2]?]) {
  const server = await startNotification(authenticate, handlers, options);
  closing.push(() => server.stop(1_000));
  return server;
}

function connect(address: Address, options: Partial<Parameters<typeof rpcClient>[1]> = {}) {
  const client = rpcClient(NotificationServiceClient, { address, token: () => signer.token(), ...options });
  closing.push(client.close);
  return client;
}

/** Sends bytes as they are, as a careless or hostile client would. */
function sendRaw(address: Address, method: string, bytes: Buffer, metadata = new Metadata()): Promise<Buffer> {
  const client = new Client(formatAddress(address), credentials.createInsecure());
  closing.push(() => client.close());
  const same = (buffer: Buffer): Buffer => buffer;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(method, same, same, bytes, metadata, { deadline: Date.now() + 60_000 }, (error, reply) =>
      error || !reply ? reject(error) : resolve(reply),
    );
  });
}

const refusalOf = (call: Promise<unknown>) => call.then(() => undefined, decodeRefusal);
const count = '/school.notification.v1.NotificationService/CountDeliveries';

describe('a call', () => {
  test('reaches its handler with the school of the token, a deadline, the language and the key', async () => {
    let seen: Call | undefined;
    const { address } = await serve({
      countDeliveries: async (_, call) => {
        seen = call;
        return ok({ pending: 1n, sending: 0n, sent: 2n ** 60n, failed: 0n, waitingForRoster: 0n });
      },
    });
    const reply = await connect(address).countDeliveries({}, { idempotencyKey: 'k-1', language: 'en', deadlineMs: 20_000 });
    expect(reply.sent).toBe(2n ** 60n);
    expect(seen).toMatchObject({
      schoolId: 'school-a',
      caller: { subject: 'person-1', roles: ['accountant'] },
      language: 'en',
      idempotencyKey: 'k-1',
    });
    expect(seen!.deadline.getTime() - Date.now()).toBeLessThanOrEqual(20_000);
  });

  test('without a deadline gets thirty seconds, and one that asks for hours gets one minute', async () => {
    let askedAt = 0;
    const given: { least: number; most: number }[] = [];
    const { address } = await serve({
      countDeliveries: async (_, { deadline }) => {
        // It is counted from some moment between the call and now.
        given.push({ least: deadline.getTime() - Date.now(), most: deadline.getTime() - askedAt });
        return ok({ pending: 0n, sending: 0n, sent: 0n, failed: 0n, waitingForRoster: 0n });
      },
    });
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${await signer.token()}`);
    const plain = new NotificationServiceClient(formatAddress(address), credentials.createInsecure());
    closing.push(() => plain.close());
    const call = (options: object) => {
      askedAt = Date.now();
      return new Promise((resolve) => plain.countDeliveries({}, metadata, options, resolve));
    };
    await call({});
    await call({ deadline: Date.now() + 3_600_000 });
    for (const [nth, wanted] of [30_000, 60_000].entries()) {
      expect(given[nth]?.least).toBeLessThanOrEqual(wanted);
      expect(given[nth]?.most).toBeGreaterThanOrEqual(wanted);
    }
  });

  test('without a token is refused before its bytes are looked at', async () => {
    const { address } = await serve();
    const refused = await refusalOf(sendRaw(address, count, Buffer.from([0xff, 0xff])));
    expect(refused).toMatchObject({ code: 'UNAUTHENTICATED', status: status.UNAUTHENTICATED });
  });

  test('by a role that the contract does not allow is refused', async () => {
    const { address } = await serve();
    const client = connect(address, { token: () => signer.token({ roles: ['parent', 'kitchen'] }) });
    expect(await refusalOf(client.countDeliveries({}))).toMatchObject({ code: 'ROLE_NOT_ALLOWED', status: status.PERMISSION_DENIED });
  });

  test('with bytes that are no such message is an invalid argument', async () => {
    const { address } = await serve();
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${await signer.token()}`);
    const wrong = Buffer.from([0x0a, 0x7f, 0x01]);
    const refused = await refusalOf(sendRaw(address, '/school.notification.v1.NotificationService/GetDelivery', wrong, metadata));
    expect(refused).toMatchObject({ code: 'MESSAGE_UNREADABLE', status: status.INVALID_ARGUMENT });
  });

  test('of five megabytes is refused, and accepted where the service allows it', async () => {
    const big = { deliveryId: 'x'.repeat(5 * 1_048_576) };
    const small = await serve();
    expect(await refusalOf(connect(small.address).getDelivery(big))).toEqual({
      code: 'REQUEST_TOO_LARGE',
      status: status.RESOURCE_EXHAUSTED,
      message: 'Yêu cầu lớn hơn 4.194.304 byte. Hãy chia nhỏ rồi gửi từng phần.',
      facts: { limitBytes: '4194304' },
    });
    expect(await refusalOf(connect(small.address).getDelivery(big, { language: 'en' }))).toMatchObject({
      message: 'The request is larger than 4,194,304 bytes. Split it and send the parts.',
    });
    const large = await serve({}, { maxMessageBytes: 20 * 1_048_576 });
    expect(await connect(large.address).getDelivery(big)).toEqual({ delivery: undefined });
  });

  test('whose answer would be too large is refused, and says to ask for less', async () => {
    const listDeliveries = async () => ok({ deliveries: [], page: { nextToken: 'x'.repeat(2_000) } });
    const { address } = await serve({ listDeliveries }, { maxMessageBytes: 1_000 });
    const asked = { invoiceId: '', studentId: '', status: 0, page: undefined } as const;
    expect(await refusalOf(connect(address).listDeliveries(asked, { language: 'en' }))).toEqual({
      code: 'RESPONSE_TOO_LARGE',
      status: status.RESOURCE_EXHAUSTED,
      message: 'The answer is larger than 1,000 bytes. Ask for fewer rows at a time.',
      facts: { limitBytes: '1000' },
    });
  });

  test.each(['school.notification.v1.NotificationService/GuessDelivery', 'school.billing.v1.BillingService/IssueInvoice', 'nonsense'])(
    'of %s, which is not here, hears that it is not here',
    async (method) => {
      const { address } = await serve();
      const metadata = new Metadata();
      metadata.set('accept-language', 'en');
      expect(await refusalOf(sendRaw(address, `/${method}`, Buffer.alloc(0), metadata))).toEqual({
        code: 'METHOD_UNKNOWN',
        status: status.UNIMPLEMENTED,
        message: `There is no ${method} at this service. Check the address, and the version of the program that sent the request.`,
        facts: { method },
      });
      expect(await refusalOf(sendRaw(address, `/${method}`, Buffer.alloc(0)))).toMatchObject({
        message: `Dịch vụ này không có ${method}. Hãy kiểm tra địa chỉ và phiên bản của chương trình gửi.`,
      });
    },
  );

  test('with an idempotency key that is no key is refused', async () => {
    const { address } = await serve();
    expect(await refusalOf(connect(address).countDeliveries({}, { idempotencyKey: 'a'.repeat(201) }))).toMatchObject({
      code: 'METADATA_WRONG',
    });
  });
});

describe('what a caller hears', () => {
  const refuseWith = <R extends Refusal>(refusal: R) => {
    const row = { status: status.FAILED_PRECONDITION, vi: 'Còn thiếu {missing}. Hãy nộp thêm.', en: 'Short by {missing}. Pay the rest.' };
    return serve({ getDelivery: async () => err(wireRefusal<Refusal>({ [refusal.code]: row }, refusal)) });
  };

  test('of a refusal is its code and facts, and a text in the language asked for', async () => {
    const { address } = await refuseWith({ code: 'TOO_LITTLE', missing: vnd(1_250_000n) });
    const client = connect(address);
    expect(await refusalOf(client.getDelivery({ deliveryId: 'd' }))).toEqual({
      code: 'TOO_LITTLE',
      status: status.FAILED_PRECONDITION,
      message: 'Còn thiếu 1.250.000 đồng. Hãy nộp thêm.',
      facts: { missing: '1250000 VND' },
    });
    expect(await refusalOf(client.getDelivery({ deliveryId: 'd' }, { language: 'en' }))).toMatchObject({
      message: 'Short by 1,250,000 VND. Pay the rest.',
    });
  });

  test('of a bug is a code that support finds in the log, and nothing of the inside', async () => {
    const lines: string[] = [];
    const log = createLogger('test', 'info', { write: (line) => lines.push(line) });
    const getDelivery = async () => {
      throw new TypeError('cannot read rows of /srv/app, phone 0912345678');
    };
    const { address } = await serve({ getDelivery }, { log });
    const heard = await refusalOf(connect(address).getDelivery({ deliveryId: 'pupil-9' }, { language: 'en' }));
    expect(heard).toMatchObject({ code: 'INTERNAL', status: status.INTERNAL });
    expect(heard!.message).not.toMatch(/rows|srv|TypeError/);
    const logged = lines.map((line) => JSON.parse(line)).find(({ errorId }) => errorId === heard!.facts.errorId);
    expect(logged).toMatchObject({
      level: 'error',
      err: { name: 'TypeError' },
      where: 'school.notification.v1.NotificationService/GetDelivery',
    });
    expect(logged.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(lines.join()).not.toContain('0912345678');
    expect(lines.join()).not.toContain('pupil-9');
  });

  test('of an engine that is away is to come back later', async () => {
    const getDelivery = async () => {
      throw Object.assign(new Error('connect ECONNREFUSED'), { name: 'MongoServerSelectionError' });
    };
    const { address } = await serve({ getDelivery });
    expect(await refusalOf(connect(address).getDelivery({ deliveryId: 'd' }))).toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
      status: status.UNAVAILABLE,
    });
  });
});

describe('a deadline', () => {
  test('that passes ends the call and tells the handler', async () => {
    const aborted = Promise.withResolvers<void>();
    let reached = false;
    const { address } = await serve({
      getDelivery: (_, { signal }) => {
        reached = true;
        return new Promise(() => signal.addEventListener('abort', () => aborted.resolve()));
      },
    });
    const client = connect(address);
    // A deadline that passes on the way tells the handler nothing.
    for (let deadlineMs = 150; !reached; deadlineMs *= 2)
      expect(await refusalOf(client.getDelivery({ deliveryId: 'd' }, { deadlineMs }))).toMatchObject({ status: status.DEADLINE_EXCEEDED });
    await aborted.promise;
  });

  test('is passed on: a call made while serving one ends no later than its own caller', async () => {
    let inner: Call | undefined;
    let onItsWayMs = 0;
    const far = await serve({
      countDeliveries: async (_, call) => {
        inner = call;
        onItsWayMs += Date.now();
        return ok({ pending: 0n, sending: 0n, sent: 0n, failed: 0n, waitingForRoster: 0n });
      },
    });
    const farClient = connect(far.address, { deadlineMs: 50_000 });
    let outer: Call | undefined;
    const near = await serve({
      getDelivery: async (_, call) => {
        outer = call;
        onItsWayMs -= Date.now();
        await farClient.countDeliveries({});
        return ok({ delivery: undefined });
      },
    });
    await connect(near.address).getDelivery({ deliveryId: 'd' }, { deadlineMs: 20_000 });
    // What travels is the time that is left, counted anew where it arrives.
    expect(inner!.deadline.getTime()).toBeLessThanOrEqual(outer!.deadline.getTime() + onItsWayMs);
  });

  test('or a caller that goes away cancels what was called meanwhile', async () => {
    const cancelled = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const far = await serve({
      countDeliveries: (_, { signal }) => {
        reached.resolve();
        return new Promise(() => signal.addEventListener('abort', () => cancelled.resolve()));
      },
    });
    const farClient = connect(far.address);
    const near = await serve({
      getDelivery: async () => {
        await farClient.countDeliveries({});
        return ok({ delivery: undefined });
      },
    });
    const stop = new AbortController();
    const call = refusalOf(connect(near.address).getDelivery({ deliveryId: 'd' }, { signal: stop.signal }));
    await reached.promise;
    stop.abort();
    expect(await call).toMatchObject({ status: status.CANCELLED });
    await cancelled.promise;
  });
});

describe('a server', () => {
  test('does not boot with an RPC that the access table does not name', () => {
    const { 'school.notification.v1.NotificationService/GetDelivery': _, ...rest } = access;
    const handlers = {} as Handlers<typeof NotificationServiceService>;
    expect(() => rpcService(NotificationServiceService, rest, handlers)).toThrow(
      'No role may call school.notification.v1.NotificationService/GetDelivery',
    );
  });

  test('does not boot in plain text on an address that others can reach', async () => {
    await expect(startNotification(authenticate, {}, { address: { host: '0.0.0.0', port: 0 } })).rejects.toThrow('is not on loopback');
  });

  test('says by the health service whether it serves, without a token', async () => {
    const server = await serve();
    const { Check } = healthService;
    const health = new Client(formatAddress(server.address), credentials.createInsecure());
    closing.push(() => health.close());
    const check = (name: string): Promise<string> =>
      new Promise((resolve, reject) => {
        health.makeUnaryRequest(Check!.path, Check!.requestSerialize, Check!.responseDeserialize, { service: name }, (error, reply) =>
          error ? reject(error) : resolve((reply as { status: string }).status),
        );
      });
    expect(await check('')).toBe('NOT_SERVING');
    server.setServing(true);
    expect(await check('school.notification.v1.NotificationService')).toBe('SERVING');
    server.setServing(false);
    expect(await check('')).toBe('NOT_SERVING');
  });

  test('finishes the calls at work before it stops, and takes no new one', async () => {
    const reached = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const server = await serve({
      getDelivery: async () => {
        reached.resolve();
        await finish.promise;
        return ok({ delivery: undefined });
      },
    });
    const call = connect(server.address).getDelivery({ deliveryId: 'd' });
    await reached.promise;
    const stopped = server.stop(60_000);
    finish.resolve();
    expect(await call).toEqual({ delivery: undefined });
    await stopped;
    const late = connect(server.address, { deadlineMs: 60_000 });
    expect(await refusalOf(late.countDeliveries({}))).toMatchObject({ status: status.UNAVAILABLE });
  });

  test('shows its RPCs and health to whoever asks in development, and to nobody else', async () => {
    const { address } = await serve({}, { reflection: true });
    const named = (await reflect(address, listServices)).match(/[a-z][\w.]*\.[A-Z]\w+/g);
    expect(named).toEqual(['school.notification.v1.NotificationService', 'grpc.health.v1.Health']);
    const shut = await serve();
    await expect(reflect(shut.address, listServices)).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  });

  test('describes what it serves with all that belongs to it, and nothing that others serve', async () => {
    const { address } = await serve({}, { reflection: true });
    const described = await reflect(address, fileOf('school.notification.v1.NotificationService'));
    for (const part of ['CountDeliveries', 'PageRequest', 'Timestamp']) expect(described).toContain(part);
    expect(await reflect(address, fileOf('grpc.health.v1.Health'))).toContain('HealthCheckRequest');
    expect(await reflect(address, fileOf('school.billing.v1.BillingService'))).toContain('Symbol not found');
  });
});

// ServerReflectionRequest of grpc.reflection.v1: list_services = 7, file_containing_symbol = 4.
const listServices = Buffer.from([0x3a, 0x00]);
const fileOf = (symbol: string): Buffer => Buffer.concat([Buffer.from([0x22, symbol.length]), Buffer.from(symbol)]);

/** The answer as text, enough to find names in. */
function reflect(address: Address, request: Buffer): Promise<string> {
  const client = new Client(formatAddress(address), credentials.createInsecure());
  closing.push(() => client.close());
  const same = (buffer: Buffer): Buffer => buffer;
  const stream = client.makeBidiStreamRequest('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', same, same);
  return new Promise((resolve, reject) => {
    stream.once('data', (bytes: Buffer) => {
      resolve(bytes.toString('latin1'));
      stream.end();
    });
    stream.on('error', (error: ServiceError) => reject(error));
    stream.write(request);
  });
}
