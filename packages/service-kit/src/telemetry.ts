import { withDeadline } from './kafka.ts';
import { bufferedOutput, createLogger, type Logger, type LogLevel } from './logger.ts';
import { collectProcessMetrics } from './metrics.ts';
import { startTracing, stopTracing } from './tracing.ts';
import type { TracingOptions } from './tracing-export.ts';

export interface TelemetryOptions extends TracingOptions {
  readonly level?: LogLevel;
}

/** Starts traces and process metrics, and answers the service's logger. Call it first. */
export async function startTelemetry({ level = 'info', ...options }: TelemetryOptions): Promise<Logger> {
  await startTracing(options);
  collectProcessMetrics();
  return createLogger(options.service, level, bufferedOutput());
}

/** Sends the spans still in memory, for at most `withinMs`: a collector that does not answer holds nobody up. */
export async function stopTelemetry(withinMs = 1_000): Promise<void> {
  await withDeadline(stopTracing(), withinMs).catch(() => undefined);
}
