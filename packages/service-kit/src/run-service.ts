import { type Address, formatAddress, type ServiceConfig } from './config.ts';
import type { Logger } from './logger.ts';
import { migrate, type ServiceOptions, type Started, startService } from './service.ts';
import { startTelemetry, stopTelemetry } from './telemetry.ts';

/** What the parent process hears over IPC: where to call, and then that calls are welcome. */
export interface ServiceMessage {
  readonly type: 'listening' | 'ready';
  readonly name: string;
  readonly pid: number;
  readonly grpc?: string;
  readonly http?: string;
  readonly admin: string;
}

const stopWithinMs = 10_000;

/** The whole of a service's `main.ts`. With the argument --migrate it creates collections and indexes and ends. */
export async function runService<C extends ServiceConfig, T>(options: ServiceOptions<C, T>): Promise<void> {
  const { name, config } = options;
  const log = startTelemetry({ service: name, level: config.SCHOOLBELL_LOG_LEVEL, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT });
  const die = (error: unknown, why: string): void => {
    log.fatal({ err: error }, why);
    process.exit(1);
  };
  process.on('unhandledRejection', (error) => die(error, 'a promise was rejected and nobody listened'));
  process.on('uncaughtException', (error) => die(error, 'an exception was not caught'));
  try {
    if (process.argv.includes('--migrate')) {
      await migrate(options, log);
      log.info('migrated');
      process.exit(0);
    }
    await start(options, log, die);
  } catch (error) {
    die(error, 'the service cannot start');
  }
}

async function start<C extends ServiceConfig, T>(
  options: ServiceOptions<C, T>,
  log: Logger,
  die: (error: unknown, why: string) => void,
): Promise<void> {
  let started: Started | undefined;
  let ready = false;
  let told = false;
  const tell = (): void => {
    if (!started) return;
    const addresses = addressesOf(started);
    if (!told) process.send?.({ type: 'listening', name: options.name, pid: process.pid, ...addresses } satisfies ServiceMessage);
    told = true;
    if (ready) {
      process.send?.({ type: 'ready', name: options.name, pid: process.pid, ...addresses } satisfies ServiceMessage);
      log.info(addresses, 'ready');
    }
  };
  const onReady = (now: boolean): void => {
    ready = now;
    tell();
  };
  const stopped = Promise.withResolvers<NodeJS.Signals>();
  const onSignal = (signal: NodeJS.Signals): void => {
    // Before everything is up there is nothing to drain, and what was begun is resumed by the next start.
    if (!started) process.exit(0);
    stopped.resolve(signal);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
  started = await startService(options, { log, onFatal: (error) => die(error, 'a part ended for good'), onReady });
  tell();
  const signal = await stopped.promise;
  log.info({ signal }, 'stopping');
  setTimeout(() => die(new Error(`Not stopped within ${stopWithinMs} ms`), 'stopped the hard way'), stopWithinMs).unref();
  await started.stop();
  await stopTelemetry();
  log.info('stopped');
  process.exit(0);
}

function addressesOf({ grpc, http, admin }: Started): Pick<ServiceMessage, 'grpc' | 'http' | 'admin'> {
  const text = (address: Address | undefined, key: 'grpc' | 'http') => (address ? { [key]: formatAddress(address) } : {});
  return { ...text(grpc, 'grpc'), ...text(http, 'http'), admin: formatAddress(admin) };
}
