import { status } from '@grpc/grpc-js';
import { decodeRefusal } from '@schoolbell/service-kit/rpc-errors';
import { CommanderError } from 'commander';

/** 0 done, 1 refused, 2 wrong usage, 3 nobody answers. */
export type ExitStatus = 0 | 1 | 2 | 3;

export interface Failure {
  readonly exitStatus: ExitStatus;
  /** For people. */
  readonly text: string;
  /** For programs: the refusal's code. */
  readonly code: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** An error that ends the command with this status and says no more than `text`. */
function ending(exitStatus: ExitStatus, code: string, text: string): Error {
  return Object.assign(new Error(text), { failure: { exitStatus, text, code, facts: {} } satisfies Failure });
}

export function wrongUsage(text: string): Error {
  return ending(2, 'USAGE', text);
}

export function refused(code: string, text: string): Error {
  return ending(1, code, text);
}

export function unreachable(text: string): Error {
  return ending(3, 'UNREACHABLE', text);
}

/** The same failure with a hint for people and facts for programs: for work that may go on although its caller failed. */
export function withHint(error: unknown, hint: string, facts: Failure['facts']): Error {
  const failure = failureOf(error);
  const text = `${failure.text}\n${hint}`;
  return Object.assign(new Error(text, { cause: error }), {
    failure: { ...failure, text, facts: { ...failure.facts, ...facts } } satisfies Failure,
  });
}

/** Whether what was asked for may have been done all the same: nobody answered, or the answer tells nothing. */
export function isOutcomeUnknown(error: unknown): boolean {
  const refusal = decodeRefusal(error);
  return refusal ? tellsNothing.has(refusal.status) : ['UNREACHABLE', 'UNEXPECTED'].includes(failureOf(error).code);
}

const tellsNothing = new Set([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.UNKNOWN, status.INTERNAL, status.CANCELLED]);

export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError) {
    const isHelp = error.code.startsWith('commander.help');
    const text = isHelp ? 'A command is missing; --help shows what there is.' : error.message.replace(/^error: /, '');
    return { exitStatus: error.exitCode === 0 ? 0 : 2, text, code: 'USAGE', facts: {} };
  }
  if (error instanceof Error && 'failure' in error) return error.failure as Failure;
  const refusal = decodeRefusal(error);
  if (!refusal) return { exitStatus: 1, text: error instanceof Error ? error.message : String(error), code: 'UNEXPECTED', facts: {} };
  const { code, message, facts } = refusal;
  if (refusal.status === status.UNAVAILABLE || refusal.status === status.DEADLINE_EXCEEDED) {
    return {
      exitStatus: 3,
      text: `${nobody(code, message)} Is Schoolbell running? "./schoolbell status" shows it, "npm start" starts it.`,
      code,
      facts,
    };
  }
  return { exitStatus: 1, text: message, code, facts };
}

/** A service's own words are for people; the transport's are for its authors. */
function nobody(code: string, message: string): string {
  if (code !== 'UNAVAILABLE' && code !== 'DEADLINE_EXCEEDED') return message;
  const [, address] = /ECONNREFUSED (\S+:\d+)/.exec(message) ?? [];
  return address === undefined ? 'The service does not answer.' : `Nobody answers at ${address}.`;
}
