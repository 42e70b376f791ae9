import { type Context, context, type Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type CallScope, withCallScope } from './call-scope.ts';
import { metrics } from './metrics.ts';
import { openSpan, recordError } from './tracing.ts';

interface Traced {
  readonly span: Span;
  readonly context: Context;
  readonly scope: CallScope;
  readonly begun: number;
  readonly route: string;
}

const traced = new WeakMap<FastifyRequest, Traced>();

/** One server span and one count per request, named by the route and never by the address, which may hold anything. */
export function traceRequests(app: FastifyInstance, deadlineMs: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    const route = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
    const parent = request.headers.traceparent;
    const attributes = { 'http.request.method': request.method, 'http.route': request.routeOptions.url ?? 'unknown' };
    const opened = openSpan(route, { kind: 'server', parent: typeof parent === 'string' ? parent : undefined, attributes });
    const controller = new AbortController();
    // Whoever was answered has not gone away; aborting makes an error with a stack each time.
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) controller.abort();
    });
    const scope = { deadline: new Date(Date.now() + deadlineMs), signal: controller.signal };
    const all = { ...opened, scope, begun: performance.now(), route };
    traced.set(request, all);
    within(all, done);
  });
  // The body arrives in the socket's own context, so what comes after it must be brought back into the request's.
  app.addHook('preValidation', (request, _reply, done) => {
    const all = traced.get(request);
    if (all) within(all, done);
    else done();
  });
  app.addHook('onError', (request, _reply, error, done) => {
    const all = traced.get(request);
    if (all) recordError(all.span, error);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const all = traced.get(request);
    if (all) {
      const labels = { edge: 'http', method: all.route, code: String(reply.statusCode) };
      metrics.requests.inc(labels);
      metrics.requestSeconds.observe(labels, (performance.now() - all.begun) / 1_000);
      all.span.setAttribute('http.response.status_code', reply.statusCode);
      all.span.end();
    }
    done();
  });
}

function within({ context: active, scope }: Traced, work: () => void): void {
  withCallScope(scope, () => context.with(active, work));
}
