import { type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { AlwaysOnSampler, BatchSpanProcessor, ParentBasedSampler, type SpanProcessor } from '@opentelemetry/sdk-trace';

export interface TracingOptions {
  readonly service: string;
  /** Base address of an OTLP/HTTP collector. */
  readonly endpoint?: string | undefined;
  /** Where spans go instead, in tests. */
  readonly processors?: SpanProcessor[] | undefined;
}

/** Starts the OpenTelemetry SDK for traces alone: metrics are Prometheus', logs go to standard output. */
export function startExport({ service, endpoint, processors }: TracingOptions): { tracer: Tracer; stop: () => Promise<void> } {
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'schoolbell' }),
    // What it would find out by itself names the machine and its user.
    autoDetectResources: false,
    // A caller that does not record sends the flag 00; that must not stop us, who do.
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler(), remoteParentNotSampled: new AlwaysOnSampler() }),
    spanProcessors: processors ?? (endpoint ? [otlp(endpoint)] : []),
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  const stop = (): Promise<void> => {
    trace.disable();
    return sdk.shutdown();
  };
  return { tracer: trace.getTracer('schoolbell'), stop };
}

function otlp(endpoint: string): SpanProcessor {
  const url = new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`).href;
  return new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url, timeoutMillis: 5_000 }),
    scheduledDelayMillis: 1_000,
    exportTimeoutMillis: 5_000,
  });
}
