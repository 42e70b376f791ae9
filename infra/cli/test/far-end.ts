import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { AttendanceServiceService } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import { BillingServiceService } from '@schoolbell/contracts/school/billing/v1/billing_service';
import { CanteenServiceService } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import { NotificationServiceService } from '@schoolbell/contracts/school/notification/v1/notification_service';
import { RegistryServiceService } from '@schoolbell/contracts/school/registry/v1/registry_service';
import { type RunFile, tokenRoles, writeRunFile } from '../../start/run-file.ts';
import { runCommandLine } from '../program.ts';

export interface Asked {
  readonly rpc: string;
  readonly request: Record<string, unknown>;
  /** "Bearer kitchen-token" */
  readonly authorization: string;
}

export interface Ended {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** A far end on a real socket: answers what a test lines up, and keeps what it was asked. */
export interface FarEnd {
  /** Its folder holds a run.json that names this far end. */
  readonly folder: string;
  readonly address: string;
  readonly asked: Asked[];
  readonly answers: Record<string, (request: Record<string, unknown>) => object>;
  /** What each call of this RPC asked. */
  asking(rpc: string): Record<string, unknown>[];
  run(...args: string[]): Promise<Ended>;
  close(): void;
}

const schoolId = '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a01';

const services = [
  ...[AttendanceServiceService, BillingServiceService, CanteenServiceService],
  ...[NotificationServiceService, RegistryServiceService],
];

export async function openFarEnd({ mailbox = 'http://127.0.0.1:1/messages' } = {}): Promise<FarEnd> {
  const server = new Server();
  const [asked, answers]: [Asked[], FarEnd['answers']] = [[], {}];
  const answer = (rpc: string) => (call: ServerUnaryCall<Asked['request'], object>, done: sendUnaryData<object>) => {
    asked.push({ rpc, request: call.request, authorization: String(call.metadata.get('authorization')[0]) });
    try {
      done(null, answers[rpc]?.(call.request) ?? {});
    } catch (error) {
      done(error as Error);
    }
  };
  for (const service of services) server.addService(service, Object.fromEntries(Object.keys(service).map((rpc) => [rpc, answer(rpc)])));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  const folder = mkdtempSync(join(tmpdir(), 'schoolbell-cli-'));
  mkdirSync(join(folder, '.schoolbell'));
  writeRunFile(join(folder, '.schoolbell', 'run.json'), runFile(`127.0.0.1:${port}`, mailbox));
  return {
    ...{ folder, asked, answers, address: `127.0.0.1:${port}` },
    asking: (rpc) => asked.filter((each) => each.rpc === rpc).map(({ request }) => request),
    run: (...args) => runIn(folder, args),
    close() {
      server.forceShutdown();
      rmSync(folder, { recursive: true });
    },
  };
}

async function runIn(cwd: string, args: readonly string[]): Promise<Ended> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const [out, err] = [text(stdout), text(stderr)];
  const exit = await runCommandLine(args, { stdin, stdout, stderr, env: {}, cwd });
  stdout.end();
  stderr.end();
  return { exit, out: await out, err: await err };
}

function runFile(grpc: string, mailbox: string): RunFile {
  const service = { grpc, metrics: 'http://127.0.0.1:1/metrics', pid: 1 };
  return {
    engines: { mongodb: { uri: 'mongodb://127.0.0.1:1', via: 'local' }, kafka: { brokers: ['127.0.0.1:1'], via: 'local' } },
    services: { registry: service, attendance: service, canteen: service, billing: service, notification: service },
    mailbox,
    school: { id: schoolId, code: '79000701' },
    tokens: Object.fromEntries(tokenRoles.map((role) => [role, `${role}-token`])) as RunFile['tokens'],
    gateways: {},
  };
}
