import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { Client, credentials, status } from '@grpc/grpc-js';
import { NotificationServiceClient } from '@schoolbell/contracts/school/notification/v1/notification_service';
import { makeTopics, until } from '@schoolbell/testkit';
import { service as healthService } from 'grpc-health-check';
import kafkajs from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { openLine } from '../test/line.ts';
import { newSigner } from '../test/signer.ts';
import { parseAddress } from './address.ts';
import { openConnection } from './connection.ts';
import { createKafka } from './kafka.ts';
import { createLogger } from './logger.ts';
import { rpcClient } from './rpc-client.ts';
import { decodeRefusal } from './rpc-errors.ts';

const { AssignerProtocol } = kafkajs;
const kafkaClient = () => createKafka({ brokers: inject('kafkaBrokers'), clientId: 'run-service-test' }, createLogger('test', 'silent'));

let signer: Awaited<ReturnType<typeof newSigner>>;
beforeAll(async () => {
  signer = await newSigner();
  const topics = ['school.kittest.v1', 'school.kittest.v1.parked.kittest.kittest'];
  await makeTopics(
    inject('kafkaBrokers'),
    topics.map((topic) => ({ topic, numPartitions: 1 })),
  );
});
afterAll(() => signer.remove());

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function newDatabase(): string {
  const database = `test_${randomBytes(6).toString('hex')}`;
  closing.push(async () => {
    const connection = await openConnection({ uri: inject('mongoUri'), database });
    await connection.dropDatabase();
    await connection.close();
  });
  return database;
}

interface Running {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly exit: Promise<number | null>;
  /** Resolves when it listens; its log says where. */
  listening(): Promise<Addresses>;
  /** Resolves when /readyz answers 200 and says nothing against it. */
  ready(): Promise<Addresses>;
}

interface Addresses {
  readonly grpc: string;
  readonly http: string;
  readonly admin: string;
}

/** A real process of the service in test/service.ts. */
function start(env: Record<string, string> = {}, ...argv: string[]): Running {
  const base = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    MONGODB_URI: inject('mongoUri'),
    KAFKA_BROKERS: inject('kafkaBrokers').join(),
    // Engines of a test may be containers off loopback.
    MONGODB_PLAINTEXT: 'true',
    KAFKA_PLAINTEXT: 'true',
    SCHOOLBELL_JWKS_FILE: signer.jwksFile,
  };
  const child = spawn(process.execPath, [fileURLToPath(new URL('../test/service.ts', import.meta.url)), ...argv], {
    env: { ...base, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (output += part));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  closing.push(async () => {
    // A process that is killed keeps its place in the consumer group until its session ends, and the next test would wait for that.
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 12_000);
    await exit;
    clearTimeout(hard);
  });
  const listening = async (): Promise<Addresses> => {
    for (;;) {
      const line = output.split('\n').find((each) => each.includes('"msg":"listening"') && each.endsWith('}'));
      if (line) return JSON.parse(line) as Addresses;
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${output}`);
      await sleep(20);
    }
  };
  const ready = async (): Promise<Addresses> => {
    const told = await listening();
    await until(async () => isDeepStrictEqual(await readiness(told), { status: 200, reasons: [] }));
    return told;
  };
  return { process: child, output: () => output, exit, listening, ready };
}

async function migrated(): Promise<string> {
  const database = newDatabase();
  expect(await start({ SCHOOLBELL_DATABASE: database }, '--migrate').exit).toBe(0);
  return database;
}

function client({ grpc }: Addresses) {
  const made = rpcClient(NotificationServiceClient, { address: parseAddress(grpc)!, token: () => signer.token(), deadlineMs: 60_000 });
  closing.push(made.close);
  return made;
}

async function health({ grpc }: Addresses): Promise<string> {
  const { Check } = healthService;
  const made = new Client(grpc, credentials.createInsecure());
  try {
    return await new Promise((resolve, reject) => {
      made.makeUnaryRequest(Check!.path, Check!.requestSerialize, Check!.responseDeserialize, {}, (error, reply) =>
        error ? reject(error) : resolve((reply as { status: string }).status),
      );
    });
  } finally {
    made.close();
  }
}

async function readiness({ admin }: Addresses): Promise<{ status: number; reasons: string[] }> {
  const response = await fetch(`http://${admin}/readyz`);
  const { reasons } = (await response.json()) as { reasons: string[] };
  return { status: response.status, reasons };
}

const refusalOf = (call: Promise<unknown>) => call.then(() => undefined, decodeRefusal);

describe('a service', () => {
  test('serves, announces, hears, tells how it is, and stops when asked', async () => {
    const running = start({ SCHOOLBELL_DATABASE: await migrated() });
    const told = await running.ready();
    await until(async () => (await health(told)) === 'SERVING');
    const calls = client(told);
    const asked = randomBytes(6).toString('hex');
    await calls.getDelivery({ deliveryId: asked });
    await until(async () => (await calls.countDeliveries({})).sent > 0n);
    expect(await (await fetch(`http://${told.http}/ping`)).text()).toBe('pong');
    expect((await fetch(`http://${told.admin}/livez`)).status).toBe(200);
    const counted = await (await fetch(`http://${told.admin}/metrics`)).text();
    expect(counted).toMatch(/schoolbell_consumed_total\{[^}]*group="kittest\.kittest"[^}]*\} [1-9]/);
    running.process.kill('SIGTERM');
    expect(await running.exit).toBe(0);
    expect(running.output()).toContain('"msg":"ready"');
    expect(running.output()).toContain('"msg":"stopped"');
    expect(running.output()).not.toContain('was left before');
  });

  test('does not start over a database without its indexes, and says what to do', async () => {
    const running = start({ SCHOOLBELL_DATABASE: newDatabase(), SCHOOLBELL_MIGRATE_ON_START: 'true' });
    expect(await running.exit).toBe(1);
    expect(running.output()).toContain('heard');
    expect(running.output()).toContain('--migrate');
  });

  test('makes its indexes on the way up in development, where that is asked for', async () => {
    const running = start({ SCHOOLBELL_DATABASE: newDatabase(), SCHOOLBELL_MIGRATE_ON_START: 'true', NODE_ENV: 'development' });
    await running.ready();
  });

  test('does not start with wrong settings, and names all of them', async () => {
    const running = start({ MONGODB_URI: 'nonsense', SCHOOLBELL_GRPC_ADDRESS: 'nonsense' });
    expect(await running.exit).toBe(2);
    expect(running.output()).toMatch(/2 settings are wrong.*MONGODB_URI.*SCHOOLBELL_GRPC_ADDRESS/s);
  });

  test('starts without Kafka: it listens, is not ready and says why, and still stops when asked', async () => {
    const running = start({ SCHOOLBELL_DATABASE: await migrated(), KAFKA_BROKERS: '127.0.0.1:9' });
    const told = await running.listening();
    await until(async () => (await readiness(told)).reasons.some((reason) => reason.includes('kittest.kittest')));
    expect(await health(told)).toBe('NOT_SERVING');
    // State and event are committed all the same; the relay brings the event out when Kafka is back.
    expect(await client(told).getDelivery({ deliveryId: 'early' })).toEqual({ delivery: undefined });
    running.process.kill('SIGTERM');
    expect(await running.exit).toBe(0);
  });

  test('turns not ready when MongoDB is cut off, for that reason alone, and ready again without a restart', async () => {
    const database = await migrated();
    const line = await openLine(new URL(inject('mongoUri')));
    closing.push(line.cut);
    const running = start({ SCHOOLBELL_DATABASE: database, MONGODB_URI: `mongodb://127.0.0.1:${line.port}/?directConnection=true` });
    const told = await running.ready();
    line.cut();
    const reasons = await until(async () => {
      const found = await readiness(told);
      return found.status === 503 && found.reasons;
    });
    expect(reasons).toEqual(['MongoDB does not answer']);
    expect(await health(told)).toBe('NOT_SERVING');
    const refused = await refusalOf(client(told).countDeliveries({}));
    expect(refused).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE', status: status.UNAVAILABLE });
    line.mend();
    await until(async () => (await health(told)) === 'SERVING');
    expect((await readiness(told)).status).toBe(200);
    expect(running.process.exitCode).toBeNull();
  });

  test('ends when its consumer has ended for good, so that who watches it starts it again', async () => {
    const stranger = kafkaClient().consumer({
      groupId: 'kittest.kittest',
      // A group whose members agree on no way to share partitions: kafkajs takes the broker's refusal as the end and falls silent.
      partitionAssigners: [
        () => ({
          name: 'a way of its own',
          version: 1,
          assign: async ({ members }) =>
            members.map(({ memberId }) => ({
              memberId,
              memberAssignment: AssignerProtocol.MemberAssignment.encode({ version: 1, assignment: {}, userData: Buffer.alloc(0) }),
            })),
          protocol: ({ topics }) => ({
            name: 'a way of its own',
            metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
          }),
        }),
      ],
    });
    const joined = new Promise((resolve) => stranger.on(stranger.events.GROUP_JOIN, resolve));
    await stranger.connect();
    closing.push(() => stranger.disconnect());
    await stranger.subscribe({ topic: 'school.kittest.v1' });
    await stranger.run({ eachMessage: async () => undefined });
    await joined;
    const running = start({ SCHOOLBELL_DATABASE: await migrated() });
    expect(await running.exit).toBe(1);
    expect(running.output()).toMatch(/"restart":false.*The consumer crashed/);
    expect(running.output()).toContain('a part ended for good');
  });

  test('ends when a promise is rejected and nobody listens, and logs it', async () => {
    const running = start({ SCHOOLBELL_DATABASE: await migrated() });
    const told = await running.listening();
    await fetch(`http://${told.http}/explode`).catch(() => undefined);
    expect(await running.exit).toBe(1);
    expect(running.output()).toContain('nobody listens');
  });
});
