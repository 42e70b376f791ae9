import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { CanteenServiceService } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import {
  GetServingResponse,
  KitchenBook,
  ListedSample,
  MissingKind,
  Serving,
  ServingStatus,
} from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommandLine } from '../program.ts';

const servingId = '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10';
let server: Server;
let address: string;
let folder: string;
let asked: [string, object][];
let answers: Record<string, object>;

beforeEach(async () => {
  [asked, answers, server] = [[], {}, new Server()];
  folder = mkdtempSync(join(tmpdir(), 'schoolbell-kitchen-'));
  const methods = Object.keys(CanteenServiceService).map((rpc) => [
    rpc,
    ({ request }: ServerUnaryCall<object, object>, done: sendUnaryData<object>) => {
      asked.push([rpc, request]);
      done(null, answers[rpc] ?? {});
    },
  ]);
  server.addService(CanteenServiceService, Object.fromEntries(methods));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  writeFileSync(join(folder, 'token'), 'my-token');
  address = `canteen=127.0.0.1:${port}`;
});
afterEach(() => {
  server.forceShutdown();
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]): Promise<{ exit: number; out: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const out = text(stdout);
  stderr.resume();
  const shell = { stdin: new PassThrough(), stdout, stderr, env: {}, cwd: folder };
  const exit = await runCommandLine(['--address', address, '--token-file', join(folder, 'token'), ...args], shell);
  stdout.end();
  return { exit, out: await out };
}

const serving = Serving.create({
  servingId,
  date: '2026-11-23',
  meal: Meal.LUNCH,
  portions: 412,
  status: ServingStatus.PREPARING,
  dishes: [{ dishId: 'd', name: 'Cá thu sốt cà chua' }],
});

test('a meal is shown with what keeps it from being served', async () => {
  const missing = [{ kind: MissingKind.COOKING, dish: { dishId: 'd', name: 'Cá thu sốt cà chua' } }];
  answers.getServing = GetServingResponse.create({ serving, missing });
  const { exit, out } = await run('kitchen', 'show', '--date', '2026-11-23');
  expect([exit, asked]).toEqual([0, [['getServing', { servingId: '', date: '2026-11-23', meal: Meal.LUNCH }]]]);
  expect(out).toContain('preparing');
  expect(out).toMatch(/cooking +Cá thu sốt cà chua/);
});

test('a meal is opened by its day and name', async () => {
  answers.getServing = GetServingResponse.create({ serving });
  answers.openServing = { serving: { ...serving, status: ServingStatus.OPEN } };
  const { out } = await run('kitchen', 'open', '--meal', 'snack', '--json');
  expect(JSON.parse(out)).toMatchObject({ status: 'SERVING_STATUS_OPEN', openedAt: null });
  expect(asked).toMatchObject([
    ['getServing', { meal: Meal.SNACK }],
    ['openServing', { servingId }],
  ]);
});

test('samples that may go are listed', async () => {
  answers.listSamples = {
    samples: [ListedSample.create({ date: '2026-11-23', meal: Meal.LUNCH, dishName: 'Canh chua', held: true })],
    page: { nextToken: '' },
  };
  const { out } = await run('kitchen', 'samples', '--due');
  expect(asked[0]).toMatchObject(['listSamples', { due: true }]);
  expect(out).toMatch(/Canh chua.+held/);
});

test('a book is written where it was asked for', async () => {
  answers.printBook = { pdf: Buffer.from('%PDF-1.3'), fileName: 'kiem-thuc-buoc-1_2026-11-23.pdf', rows: 15 };
  const file = join(folder, 'book.pdf');
  const { out } = await run('kitchen', 'book', '--book', 'step1', '--date', '2026-11-23', '--out', file, '--json');
  expect(JSON.parse(out)).toEqual({ file, rows: 15, bytes: 8 });
  expect(readFileSync(file, 'utf8')).toBe('%PDF-1.3');
  expect(asked).toMatchObject([['printBook', { book: KitchenBook.STEP1, from: '2026-11-23', until: '', meal: Meal.UNSPECIFIED }]]);
  const nowhere = await run('kitchen', 'book', '--book', 'step1', '--out', join(folder, 'no', 'book.pdf'));
  expect(nowhere.exit).toBe(2);
});

test('there are five books', async () => {
  expect((await run('kitchen', 'book', '--book', 'step4')).exit).toBe(2);
});
