import { type Address, formatAddress } from './address.ts';
import type { ServiceConfig } from './config.ts';
import type { Logger } from './logger.ts';
import { migrate, type ServiceOptions, type Started, startService } from './service.ts';
import { startTelemetry, stopTelemetry } from './telemetry.ts';

const stopWithinMs = 10_000;
// Kept for the end of the process itself.
const endMs = 300;

/** The whole of a service's `main.ts`. With the argument --migrate it creates collections and indexes and ends. */
export async function runService<C extends ServiceConfig, T>(options: ServiceOptions<C, T>): Promise<void> {
  const { name, config } = options;
  const log = await startTelemetry({ service: name, level: config.SCHOOLBELL_LOG_LEVEL, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT });
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
  const onReady = (ready: boolean): void => {
    if (ready) log.info('ready');
  };
  const stopped = Promise.withResolvers<NodeJS.Signals>();
  const onSignal = (signal: NodeJS.Signals): void => {
    // Before everything is up there is nothing to drain, and what was begun is resumed by the next start.
    if (!started) process.exit(0);
    stopped.resolve(signal);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
  started = await startService(options, { log, onFatal: (error) => die(error, 'a part ended for good'), onReady });
  log.info(addressesOf(started), 'listening');
  const signal = await stopped.promise;
  log.info({ signal }, 'stopping');
  const until = performance.now() + stopWithinMs;
  setTimeout(() => die(new Error(`Not stopped within ${stopWithinMs} ms`), 'stopped the hard way'), stopWithinMs).unref();
  await started.stop();
  await stopTelemetry(Math.max(0, Math.min(1_000, until - performance.now() - endMs)));
  log.info('stopped');
  process.exit(0);
}

function addressesOf({ grpc, http, admin }: Started): Readonly<Record<string, string>> {
  const text = (key: string, address: Address | undefined) => (address ? { [key]: formatAddress(address) } : {});
  return { ...text('grpc', grpc), ...text('http', http), admin: formatAddress(admin) };
}
