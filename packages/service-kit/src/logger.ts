import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { describeError } from './describe-error.ts';
import { activeIds } from './tracing.ts';

export type Logger = PinoLogger;
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

// A second line of defence: nobody should log these fields; if somebody does, they are removed.
const secret = [
  'authorization',
  'token',
  'password',
  'secret',
  'hashSecret',
  'email',
  'phone',
  'fullName',
  'personNumber',
  'body',
  'payload',
  'request',
];
const redact = { paths: secret.flatMap((key) => [key, `*.${key}`]), censor: '[hidden]' };

/** Standard output of a process that serves: a system call for each line would be a twentieth of what a payment costs. */
export function bufferedOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true, minLength: 4_096, periodicFlush: 200 });
  process.once('exit', () => output.flushSync());
  return output;
}

/** JSON lines on standard output. Fields are opaque ids, codes and counts; errors keep name, scrubbed message and frames. */
export function createLogger(service: string, level: LogLevel = 'info', destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError, error: describeError },
    errorKey: 'err',
    redact,
    mixin: () => activeIds() ?? {},
  };
  return destination ? pino(options, destination) : pino(options);
}
