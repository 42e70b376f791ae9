import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import swagger from '@fastify/swagger';
import fastify, {
  type FastifyBaseLogger,
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { type Address, formatAddress } from './address.ts';
import type { Authenticate, Caller } from './auth.ts';
import { failureOf } from './failure.ts';
import { httpProblem, languageOfRequest, problemOfClient, sendProblem, sendRefusal } from './http-problems.ts';
import { traceRequests } from './http-trace.ts';
import { kitRefusal } from './kit-refusals.ts';
import type { Logger } from './logger.ts';
import { assertPrivate, type Tls } from './tls.ts';

/** Routes declare zod schemas; the same ones validate, type the handler and make the OpenAPI document. */
export type HttpApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Lets in callers with one of `roles`; use it as `onRequest` (before the body is read) or `preHandler` of a route. */
export type RequireCaller = (roles: readonly string[]) => (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

export interface HttpOptions {
  /** Service name, title of the OpenAPI document. */
  readonly name: string;
  readonly tls?: Tls | undefined;
  readonly authenticate: Authenticate;
  readonly log: Logger;
  /** Largest body in bytes; 64 KB when not given. A route may set its own. */
  readonly bodyLimit?: number;
  /** Proxies whose X-Forwarded-For is believed; none when not given. */
  readonly trustProxy?: string | undefined;
}

export interface HttpServer {
  readonly address: Address;
  /** Takes no new request, waits for those at work, and after `graceMs` ends what is left. */
  stop(graceMs: number): Promise<void>;
}

const requestTimeoutMs = 15_000;
const handlerTimeoutMs = 30_000;
const callers = new WeakMap<FastifyRequest, Caller>();

/** An app with identity, problem documents, limits, traces and /openapi.json; routes are added by the service. */
export async function createHttpApp({
  name,
  tls,
  authenticate,
  log,
  bodyLimit = 65_536,
  trustProxy,
}: HttpOptions): Promise<{ app: HttpApp; requireCaller: RequireCaller }> {
  const app = fastify(serverOptions({ tls, log, bodyLimit, trustProxy })).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, log));
  app.setNotFoundHandler((request, reply) => sendProblem(reply, httpProblem('PATH_NOT_FOUND', languageOfRequest(request))));
  traceRequests(app, handlerTimeoutMs);
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: `Schoolbell ${name}`, version: '1' } },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  return { app, requireCaller: requireCallerWith(authenticate) };
}

function serverOptions({
  tls,
  log,
  bodyLimit,
  trustProxy,
}: Pick<HttpOptions, 'tls' | 'log' | 'bodyLimit' | 'trustProxy'>): FastifyHttpOptions<RawServerDefault> {
  const limits = { maxHeaderSize: 16_384, requestTimeout: requestTimeoutMs };
  const overTls = (found: Tls): FastifyHttpOptions<RawServerDefault> => ({
    serverFactory: (handler) => createTlsServer({ ...limits, key: found.key, cert: found.cert }, handler),
  });
  return {
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    trustProxy: trustProxy ?? false,
    http: limits,
    requestTimeout: requestTimeoutMs,
    handlerTimeout: handlerTimeoutMs,
    keepAliveTimeout: 10_000,
    // A request that comes on an open connection while we drain is still served, and told to close it.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, request, reply) => answerError(error, request, reply, log),
    ...(tls ? overTls(tls) : {}),
  };
}

/** Opens the app to the network. Throws for plain text on anything but loopback. */
export async function startHttp(app: HttpApp, address: Address, tls?: Tls): Promise<HttpServer> {
  assertPrivate(address, tls);
  await app.listen({ host: address.host, port: address.port });
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound ? bound.port : address.port;
  return {
    address: { host: address.host, port },
    async stop(graceMs) {
      const timer = setTimeout(() => app.server.closeAllConnections(), graceMs);
      await app.close().finally(() => clearTimeout(timer));
    },
  };
}

export function httpUrl(address: Address, tls?: Tls): string {
  return `${tls ? 'https' : 'http'}://${formatAddress(address)}`;
}

/** Who makes this request. Only for routes behind `requireCaller`. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error(`${request.routeOptions.url} asks for the caller but does not require one`);
  return caller;
}

function requireCallerWith(authenticate: Authenticate): RequireCaller {
  return (roles) => async (request, reply) => {
    const caller = await authenticate(request.headers.authorization);
    if (!caller.ok) return sendRefusal(request, reply, kitRefusal(caller.refusal));
    if (!caller.value.roles.some((role) => roles.includes(role)))
      return sendRefusal(request, reply, kitRefusal({ code: 'ROLE_NOT_ALLOWED' }));
    callers.set(request, caller.value);
  };
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): FastifyReply {
  const problem = problemOfClient(error, languageOfRequest(request));
  if (problem) return sendProblem(reply, problem);
  if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_HANDLER_TIMEOUT')
    return sendRefusal(request, reply, kitRefusal({ code: 'DEADLINE_PASSED' }));
  return sendRefusal(request, reply, failureOf(error, `${request.method} ${request.routeOptions.url ?? 'unknown'}`, log));
}

// Such bytes never become a request, so the answer is written by hand; its language is not known.
function refuseMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOfClient(Object.assign(error, { statusCode: 400 }), 'vi') ?? httpProblem('REQUEST_MALFORMED', 'vi');
  const body = JSON.stringify(problem);
  const head = `HTTP/1.1 ${problem.status} ${statusPhrase(problem.status)}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
  socket.end(head + body);
}

function statusPhrase(status: number): string {
  return status === 431 ? 'Request Header Fields Too Large' : status === 408 ? 'Request Timeout' : 'Bad Request';
}
