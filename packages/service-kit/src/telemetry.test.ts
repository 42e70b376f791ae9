import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { NotificationServiceClient } from '@schoolbell/contracts/school/notification/v1/notification_service';
import { ok } from '@schoolbell/kernel';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startNotification } from '../test/notification.ts';
import { newSigner } from '../test/signer.ts';
import { openAuthenticate } from './auth.ts';
import { describeError } from './describe-error.ts';
import { createHttpApp, httpUrl, startHttp } from './http.ts';
import { createLogger } from './logger.ts';
import { metrics } from './metrics.ts';
import { rpcClient } from './rpc-client.ts';
import { startTelemetry, stopTelemetry } from './telemetry.ts';
import { span, traceparent } from './tracing.ts';

let exporter: InMemorySpanExporter;
beforeEach(async () => {
  exporter = new InMemorySpanExporter();
  await startTelemetry({ service: 'test', level: 'silent', processors: [new SimpleSpanProcessor({ exporter })] });
});
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await stopTelemetry();
});

const caller = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

/** HTTP → a span of our own → gRPC client → gRPC server, each on a real socket. */
async function chain() {
  const signer = await newSigner();
  const log = createLogger('test', 'silent');
  const authenticate = await openAuthenticate({ jwksFile: signer.jwksFile, log });
  let atTheEnd: string | undefined;
  const far = await startNotification(authenticate, {
    countDeliveries: async () => {
      atTheEnd = traceparent();
      return ok({ pending: 0n, sending: 0n, sent: 0n, failed: 0n, waitingForRoster: 0n });
    },
  });
  const client = rpcClient(NotificationServiceClient, { address: far.address, token: () => signer.token() });
  const { app } = await createHttpApp({ name: 'test', authenticate, log });
  app.post('/ask', { schema: { body: z.object({ a: z.number() }) } }, () =>
    span('think', { attributes: { count: 1 } }, async () => {
      await client.countDeliveries({});
      return 'asked';
    }),
  );
  const near = await startHttp(app, { host: '127.0.0.1', port: 0 });
  closing.push(
    signer.remove,
    () => far.stop(500),
    client.close,
    () => near.stop(500),
  );
  const ask = (headers: Record<string, string>) =>
    fetch(`${httpUrl(near.address)}/ask`, { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json', ...headers } });
  return { ask, seen: () => atTheEnd };
}

describe('one trace', () => {
  test('goes from an HTTP caller through our spans and a gRPC client to a gRPC server', async () => {
    const { ask, seen } = await chain();
    await (await ask({ traceparent: caller })).text();
    const spans = exporter.getFinishedSpans();
    const byKind = (name: string, kind: number) => spans.find((one) => one.name === name && one.kind === kind)!;
    const rpc = 'school.notification.v1.NotificationService/CountDeliveries';
    const path = [byKind('POST /ask', 1), byKind('think', 0), byKind(rpc, 2), byKind(rpc, 1)];
    expect(new Set(path.map((one) => one.spanContext().traceId))).toEqual(new Set(['0af7651916cd43dd8448eb211c80319c']));
    expect(path.map((one) => one.parentSpanContext?.spanId)).toEqual([
      'b7ad6b7169203331',
      ...path.slice(0, 3).map((one) => one.spanContext().spanId),
    ]);
    expect(seen()).toContain(path[3]!.spanContext().spanId);
  });

  test('begins here when the caller sends none, or something that is none', async () => {
    const { ask, seen } = await chain();
    await (await ask({ traceparent: 'nonsense' })).text();
    expect(seen()).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  test('still flows where nothing is kept', async () => {
    await stopTelemetry();
    await startTelemetry({ service: 'test', level: 'silent' });
    const { ask, seen } = await chain();
    await (await ask({ traceparent: caller })).text();
    expect(seen()).toContain('0af7651916cd43dd8448eb211c80319c');
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});

test('a collector that does not answer holds up nobody who stops', async () => {
  const asked = Promise.withResolvers<void>();
  let exportEnded = false;
  const collector = createServer(({ method }, response) => {
    if (method === 'GET') return void response.end();
    asked.resolve();
    response.once('close', () => {
      exportEnded = true;
    });
  });
  await once(collector.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => collector.close().closeAllConnections());
  const { port } = collector.address() as AddressInfo;
  await stopTelemetry();
  await startTelemetry({ service: 'test', level: 'silent', endpoint: `http://127.0.0.1:${port}` });
  await span('work', {}, async () => undefined);
  await stopTelemetry(100);
  // The collector has seen by its answer all that was closed before it.
  await (await fetch(`http://127.0.0.1:${port}`)).text();
  // An export alone waits for five seconds, and a process that is asked to stop may have less left.
  expect(exportEnded).toBe(false);
  await asked.promise;
});

describe('a span', () => {
  test('that fails keeps the name of the error and no personal data, and the error goes on', async () => {
    const wrong = new Error('E11000 duplicate key: dup key: { phone: "+84912345678" }');
    await expect(span('work', {}, () => Promise.reject(wrong))).rejects.toBe(wrong);
    const [found] = exporter.getFinishedSpans();
    expect(found).toMatchObject({ status: { code: 2, message: 'Error' } });
    expect(JSON.stringify(found!.events)).not.toContain('912345678');
  });

  test('is a root of its own outside of any other', async () => {
    await span('batch', { kind: 'consumer' }, async () => undefined);
    const [found] = exporter.getFinishedSpans();
    expect(found!.parentSpanContext).toBeUndefined();
    expect(trace.getSpan(context.active())).toBeUndefined();
  });
});

describe('a log line', () => {
  const lines: string[] = [];
  const log = createLogger('billing', 'info', { write: (line) => lines.push(line) });
  const last = (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '{}');

  test('carries the service and the ids of the active span', async () => {
    await span('work', {}, async (active) => {
      log.info({ invoiceId: 'i-1' }, 'issued');
      expect(last()).toMatchObject({
        level: 'info',
        service: 'billing',
        invoiceId: 'i-1',
        msg: 'issued',
        trace_id: active.spanContext().traceId,
        span_id: active.spanContext().spanId,
      });
    });
  });

  test('hides what must not be in a log', () => {
    log.info({ authorization: 'Bearer x', guardian: { phone: '0912345678', email: 'a@b.vn' }, request: { everything: 1 } }, 'who');
    expect(lines.at(-1)).not.toMatch(/Bearer x|0912345678|a@b\.vn|everything/);
  });

  test('of an error keeps its name, frames and cause, without the values that engines put into texts', () => {
    const cause = Object.assign(
      new Error('E11000 duplicate key error collection: db.guardians index: x dup key: { name: "Nguyễn Văn An" }'),
      { name: 'MongoServerError', code: 11000 },
    );
    log.error(new Error('could not save mail for an.nguyen@example.vn, person 079203004567', { cause }), 'failed');
    expect(last()).toMatchObject({
      err: {
        name: 'Error',
        message: 'could not save mail for …@…, person #',
        stack: expect.stringContaining('at '),
        cause: { name: 'MongoServerError', code: 11000 },
      },
    });
    expect(lines.at(-1)).not.toMatch(/Nguyễn|an\.nguyen|079203004567/);
    expect(describeError('just text')).toEqual({ name: 'string', message: 'just text', stack: '' });
  });
});

test('requests are counted by edge, method and code', async () => {
  const { ask } = await chain();
  await (await ask({})).text();
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/schoolbell_requests_total\{edge="http",method="POST \/ask",code="200"\} \d+/);
  expect(text).toMatch(
    /schoolbell_request_seconds_count\{edge="grpc",method="school\.notification\.v1\.NotificationService\/CountDeliveries",code="OK"\} \d+/,
  );
  expect(text).toContain('schoolbell_outbox_depth');
  expect(text).toContain('# TYPE schoolbell_faults_total counter');
  expect(text).toContain('process_resident_memory_bytes');
});
