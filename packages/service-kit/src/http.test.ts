import { connect as connectSocket } from 'node:net';
import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newSigner } from '../test/signer.ts';
import { formatAddress } from './address.ts';
import { type Authenticate, openAuthenticate } from './auth.ts';
import { callerOf, createHttpApp, type HttpApp, type RequireCaller, startHttp } from './http.ts';
import { sendRefusal } from './http-problems.ts';
import { createLogger } from './logger.ts';
import { wireRefusal } from './wire-refusal.ts';

let signer: Awaited<ReturnType<typeof newSigner>>;
let authenticate: Authenticate;
let lines: string[] = [];
const log = createLogger('test', 'info', { write: (line) => lines.push(line) });
beforeAll(async () => {
  signer = await newSigner();
  authenticate = await openAuthenticate({ jwksFile: signer.jwksFile, log });
});
afterAll(() => signer.remove());

const closing: (() => unknown)[] = [];
afterEach(async () => {
  lines = [];
  for (const close of closing.splice(0).reverse()) await close();
});

const saleBody = z.object({ saleId: z.string().min(1), amount: z.number().int().positive() });

function routes(app: HttpApp, requireCaller: RequireCaller): void {
  app.post('/sales', { schema: { body: saleBody, response: { 200: z.object({ saleId: z.string() }) } } }, async ({ body }) => ({
    saleId: body.saleId,
  }));
  app.get('/me', { onRequest: requireCaller(['teacher']) }, async (request) => ({ ...callerOf(request) }));
  app.get('/refused', (request, reply) => {
    const row = { status: status.FAILED_PRECONDITION, vi: 'Đã khóa sổ ngày {day}.', en: 'The book of {day} is closed.' };
    return sendRefusal(request, reply, wireRefusal({ DAY_CLOSED: row }, { code: 'DAY_CLOSED' as const, day: '2026-11-21' }));
  });
  app.get('/bug', () => {
    throw new Error('secret of /srv/app');
  });
}

async function serve(): Promise<{ url: string; host: string; port: number }> {
  const { app, requireCaller } = await createHttpApp({ name: 'test', authenticate, log });
  routes(app, requireCaller);
  const server = await startHttp(app, { host: '127.0.0.1', port: 0 });
  closing.push(() => server.stop(1_000));
  return { url: `http://${formatAddress(server.address)}`, ...server.address };
}

async function problem(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({
    status: response.status,
    type: expect.stringMatching(/^urn:schoolbell:problem:/),
    title: expect.any(String),
    code: expect.any(String),
    detail: expect.any(String),
  });
  return body;
}

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/sales`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

describe('a problem document', () => {
  test('names every wrong place of a body, and never its values', async () => {
    const { url } = await serve();
    const found = await problem(await post(url, JSON.stringify({ saleId: '', amount: 'lots' })));
    expect(found).toMatchObject({
      status: 400,
      code: 'REQUEST_INVALID',
      errors: [
        { in: 'body', pointer: '/saleId' },
        { in: 'body', pointer: '/amount' },
      ],
    });
    expect(JSON.stringify(found)).not.toContain('lots');
  });

  test('answers a path that is not there, in Vietnamese unless English is preferred', async () => {
    const { url } = await serve();
    expect(await problem(await fetch(`${url}/nothing`))).toMatchObject({ status: 404, code: 'PATH_NOT_FOUND', title: 'Không tìm thấy' });
    const english = await fetch(`${url}/nothing`, { headers: { 'accept-language': 'fr, en-GB;q=0.8, vi;q=0.3' } });
    expect(await problem(english)).toMatchObject({ title: 'Not found' });
  });

  test('answers a body that is too large, unreadable, or of another kind', async () => {
    const { url } = await serve();
    expect(await problem(await post(url, JSON.stringify({ saleId: 'x'.repeat(70_000), amount: 1 })))).toMatchObject({
      status: 413,
      code: 'BODY_TOO_LARGE',
    });
    expect(await problem(await post(url, '{'))).toMatchObject({ status: 400, code: 'REQUEST_MALFORMED' });
    expect(await problem(await post(url, '<a/>', { 'content-type': 'text/xml' }))).toMatchObject({
      status: 415,
      code: 'MEDIA_TYPE_UNSUPPORTED',
    });
  });

  test('answers an address that cannot be decoded', async () => {
    const { url } = await serve();
    expect(await problem(await fetch(`${url}/%E0%A4%A`))).toMatchObject({ status: 400, code: 'REQUEST_MALFORMED' });
  });

  test('answers header fields that are too large, and bytes that are no request', async () => {
    const { host, port } = await serve();
    const large = await sendBytes(host, port, `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(large).toMatch(/^HTTP\/1\.1 431 /);
    expect(large).toContain('application/problem+json');
    expect(large).toContain('"code":"HEADERS_TOO_LARGE"');
    const wrong = await sendBytes(host, port, 'NOT HTTP AT ALL\r\n\r\n');
    expect(wrong).toMatch(/^HTTP\/1\.1 400 /);
    expect(wrong).toContain('"code":"REQUEST_MALFORMED"');
  });

  test('tells a refusal as gRPC does: code, facts, and what to do', async () => {
    const { url } = await serve();
    expect(await problem(await fetch(`${url}/refused`))).toMatchObject({
      status: 409,
      code: 'DAY_CLOSED',
      facts: { day: '2026-11-21' },
      detail: 'Đã khóa sổ ngày 2026-11-21.',
    });
  });

  test('of a bug shows a code that support finds in the log, and nothing of the inside', async () => {
    const { url } = await serve();
    const found = await problem(await fetch(`${url}/bug`));
    expect(found).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(JSON.stringify(found)).not.toMatch(/secret|srv|stack/);
    const { errorId } = found.facts as { errorId: string };
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ errorId, where: 'GET /bug', trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) }),
    );
  });
});

describe('an identity', () => {
  test('is asked for before anything else, and its role counts', async () => {
    const { url } = await serve();
    const none = await fetch(`${url}/me`);
    expect(none.headers.get('www-authenticate')).toBe('Bearer');
    expect(await problem(none)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    const as = async (role: string) =>
      fetch(`${url}/me`, { headers: { authorization: `Bearer ${await signer.token({ roles: [role] })}` } });
    expect(await problem(await as('parent'))).toMatchObject({ status: 403, code: 'ROLE_NOT_ALLOWED' });
    expect(await (await as('teacher')).json()).toEqual({ subject: 'person-1', schoolId: 'school-a', roles: ['teacher'] });
  });
});

test('the OpenAPI document is made of the schemas that validate', async () => {
  const { url } = await serve();
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Record<string, { post?: object }> };
  expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Schoolbell test' } });
  expect(document.paths['/sales']?.post).toMatchObject({
    requestBody: {
      content: {
        'application/json': {
          schema: { required: ['saleId', 'amount'], properties: { amount: { type: 'integer', exclusiveMinimum: 0 } } },
        },
      },
    },
  });
});

test('plain text is refused on an address that others can reach', async () => {
  const { app } = await createHttpApp({ name: 'test', authenticate, log });
  await expect(startHttp(app, { host: '0.0.0.0', port: 0 })).rejects.toThrow('is not on loopback');
  await app.close();
});

function sendBytes(host: string, port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(port, host, () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (part) => {
      answer += part;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
