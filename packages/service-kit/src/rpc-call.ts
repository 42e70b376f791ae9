import type { Metadata, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { err, type Result } from '@schoolbell/kernel';
import type { Authenticate } from './auth.ts';
import { withCallScope } from './call-scope.ts';
import { failureOf } from './failure.ts';
import { kitRefusal } from './kit-refusals.ts';
import type { Logger } from './logger.ts';
import { metrics } from './metrics.ts';
import type { RpcMethod } from './rpc.ts';
import { statusName, statusOf } from './rpc-errors.ts';
import { recordError, span } from './tracing.ts';
import { languageOf, type WireRefusal } from './wire-refusal.ts';

type RawCall = ServerUnaryCall<Buffer, Buffer>;

export interface CallContext {
  readonly authenticate: Authenticate;
  readonly log: Logger;
}

const defaultDeadlineMs = 30_000;
// A transaction lives for 60 s at most, so a longer deadline promises what cannot be kept.
const longestDeadlineMs = 60_000;

/** Answers one call: identity, role, deadline, handler, and every outcome as a status. Never throws. */
export async function answerCall(method: RpcMethod, raw: RawCall, respond: sendUnaryData<Buffer>, context: CallContext): Promise<void> {
  const begun = performance.now();
  const language = languageOf(textOf(raw.metadata, 'accept-language'));
  const options = {
    kind: 'server',
    parent: textOf(raw.metadata, 'traceparent'),
    attributes: { 'rpc.system.name': 'grpc', 'rpc.method': method.name },
  } as const;
  const outcome = await span(method.name, options, async (opened) => {
    const answered = await withDeadline(raw, async (deadline, signal) => serve({ method, raw, deadline, signal, ...context })).catch(
      (error: unknown) => {
        recordError(opened, error);
        return err(error === deadlinePassed ? kitRefusal({ code: 'DEADLINE_PASSED' }) : failureOf(error, method.name, context.log));
      },
    );
    opened.setAttribute('rpc.response.status_code', codeOf(answered));
    if (!answered.ok) opened.setAttribute('schoolbell.refusal', answered.refusal.code);
    return answered;
  });
  const labels = { edge: 'grpc', method: method.name, code: codeOf(outcome) };
  metrics.requests.inc(labels);
  metrics.requestSeconds.observe(labels, (performance.now() - begun) / 1_000);
  if (outcome.ok) respond(null, outcome.value);
  else respond(statusOf(outcome.refusal, language));
}

interface Serving extends CallContext {
  readonly method: RpcMethod;
  readonly raw: RawCall;
  readonly deadline: Date;
  readonly signal: AbortSignal;
}

async function serve({ method, raw, deadline, signal, authenticate }: Serving): Promise<Result<Buffer, WireRefusal>> {
  const { metadata } = raw;
  const caller = await authenticate(textOf(metadata, 'authorization'));
  if (!caller.ok) return err(kitRefusal(caller.refusal));
  const acting = caller.value.roles.filter((role) => method.roles.has(role));
  if (acting.length === 0) return err(kitRefusal({ code: 'ROLE_NOT_ALLOWED' }));
  const idempotencyKey = textOf(metadata, 'idempotency-key');
  if (idempotencyKey !== undefined && !/^[\x21-\x7e]{1,200}$/.test(idempotencyKey)) return err(kitRefusal({ code: 'METADATA_WRONG' }));
  const call = {
    caller: caller.value,
    acting,
    schoolId: caller.value.schoolId,
    deadline,
    signal,
    language: languageOf(textOf(metadata, 'accept-language')),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
  return withCallScope({ deadline, signal }, () => method.handle(raw.request, call));
}

const deadlinePassed = new Error('The deadline passed, or the caller went away');

// Work that outlives its caller goes on in peace: it is idempotent, and its answer is found by the caller's next try.
async function withDeadline<R>(raw: RawCall, work: (deadline: Date, signal: AbortSignal) => Promise<R>): Promise<R> {
  const now = Date.now();
  const asked = Number(raw.getDeadline());
  const until = Math.min(Number.isFinite(asked) ? asked : now + defaultDeadlineMs, now + longestDeadlineMs);
  const controller = new AbortController();
  const gone = new Promise<never>((_, reject) => controller.signal.addEventListener('abort', () => reject(deadlinePassed), { once: true }));
  const timer = setTimeout(() => controller.abort(), Math.max(0, until - now));
  const cancel = (): void => controller.abort();
  raw.once('cancelled', cancel);
  try {
    return await Promise.race([work(new Date(until), controller.signal), gone]);
  } finally {
    clearTimeout(timer);
    raw.off('cancelled', cancel);
  }
}

function codeOf(outcome: Result<unknown, WireRefusal>): string {
  return statusName(outcome.ok ? status.OK : outcome.refusal.status);
}

function textOf(metadata: Metadata, key: string): string | undefined {
  const value = metadata.get(key)[0];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
