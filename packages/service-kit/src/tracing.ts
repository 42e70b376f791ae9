import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TRACE_PARENT_HEADER, W3CTraceContextPropagator } from '@opentelemetry/core';
import { AlwaysOffSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { describeError } from './describe-error.ts';
import type { TracingOptions } from './tracing-export.ts';

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

export interface SpanOptions {
  readonly kind?: keyof typeof kinds;
  /** The traceparent of the request or event that caused this; without it the active span is the parent. */
  readonly parent?: string | undefined;
  /** Opaque ids and counts only: traces leave the house. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

interface Tracing {
  readonly tracer: Tracer;
  /** Sends what is still in memory. */
  readonly stop: () => Promise<void>;
}

let tracing: Tracing | undefined;

/**
 * Starts tracing. Without an endpoint and without processors nothing is recorded, but spans still carry valid ids, so that
 * traceparent flows through this service to those that do record. The SDK is large, and loaded only where it exports.
 */
export async function startTracing(options: TracingOptions): Promise<void> {
  await stopTracing();
  if (!options.endpoint && !options.processors) tracing = silentTracing();
  else tracing = (await import('./tracing-export.ts')).startExport(options);
}

function silentTracing(): Tracing {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new TracerProvider({ sampler: new AlwaysOffSampler() });
  return { tracer: provider.getTracer('schoolbell'), stop: () => provider.shutdown() };
}

/** Sends what is still in memory, for as long as an export may take. */
export async function stopTracing(): Promise<void> {
  const stopped = tracing;
  tracing = undefined;
  await stopped?.stop().catch(() => undefined);
  context.disable();
}

/** Runs `work` inside a span of its own and ends it; an exception is recorded and thrown on. */
export async function span<R>(name: string, options: SpanOptions, work: (span: Span) => Promise<R>): Promise<R> {
  const opened = openSpan(name, options);
  try {
    return await context.with(opened.context, work, undefined, opened.span);
  } catch (error) {
    recordError(opened.span, error);
    throw error;
  } finally {
    opened.span.end();
  }
}

/** A span whose end the caller sees to, with the context in which the work belongs. */
export function openSpan(name: string, { kind = 'internal', parent, attributes = {} }: SpanOptions): { span: Span; context: Context } {
  tracing ??= silentTracing();
  const { tracer } = tracing;
  const parentContext = parent === undefined ? context.active() : contextOf(parent);
  const opened = tracer.startSpan(name, { kind: kinds[kind], attributes: { ...attributes } }, parentContext);
  return { span: opened, context: trace.setSpan(parentContext, opened) };
}

export function recordError(failed: Span, error: unknown): void {
  if (!failed.isRecording()) return;
  const { name, message, stack } = describeError(error);
  failed.recordException({ name, message, stack });
  failed.setStatus({ code: SpanStatusCode.ERROR, message: name });
}

/** The W3C traceparent of the active span, for a header, a metadata entry or an outbox row. */
export function traceparent(): string | undefined {
  const carrier: { [TRACE_PARENT_HEADER]?: string } = {};
  propagator.inject(context.active(), carrier, { set: (into, key, value) => Object.assign(into, { [key]: value }) });
  return carrier[TRACE_PARENT_HEADER];
}

/** Ids of the active span, for a log line. */
export function activeIds(): { trace_id: string; span_id: string } | undefined {
  const active = trace.getActiveSpan()?.spanContext();
  return active && { trace_id: active.traceId, span_id: active.spanId };
}

const propagator = new W3CTraceContextPropagator();
const getter: TextMapGetter<string> = {
  keys: () => [TRACE_PARENT_HEADER],
  get: (parent, key) => (key === TRACE_PARENT_HEADER ? parent : undefined),
};

// A malformed traceparent starts a trace of its own rather than failing the request that carried it.
function contextOf(parent: string): Context {
  return propagator.extract(ROOT_CONTEXT, parent, getter);
}
