import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { withDeadline } from './kafka.ts';
import { bufferedOutput, createLogger, type Logger, type LogLevel } from './logger.ts';
import { collectProcessMetrics } from './metrics.ts';
import { startTracing, stopTracing } from './tracing.ts';

export interface TelemetryOptions {
  readonly service: string;
  readonly level?: LogLevel;
  /** Base address of an OTLP/HTTP collector ("http://127.0.0.1:4318"); absent = spans carry ids but are not kept. */
  readonly endpoint?: string | undefined;
  /** Where spans go instead, in tests. */
  readonly processors?: SpanProcessor[];
}

/** Starts traces and process metrics, and answers the service's logger. Call it first. */
export function startTelemetry({ service, level = 'info', endpoint, processors }: TelemetryOptions): Logger {
  startTracing({ service, ...(endpoint ? { endpoint } : {}), ...(processors ? { processors } : {}) });
  collectProcessMetrics();
  return createLogger(service, level, bufferedOutput());
}

/** Sends the spans still in memory, for at most `withinMs`: a collector that does not answer holds nobody up. */
export async function stopTelemetry(withinMs = 1_000): Promise<void> {
  await withDeadline(stopTracing(), withinMs).catch(() => undefined);
}
