import { type ChannelCredentials, type Client, type ClientOptions, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type Address, formatAddress } from './address.ts';
import { breaker } from './breaker.ts';
import { callScope } from './call-scope.ts';
import type { MethodDefinition, RequestOf, ResponseOf, ServiceDefinition } from './rpc.ts';
import { isStatus } from './rpc-errors.ts';
import { clientCredentials, type Tls } from './tls.ts';
import { span, traceparent } from './tracing.ts';
import type { Language } from './wire-refusal.ts';

export { decodeRefusal } from './rpc-errors.ts';

export interface RpcClientOptions {
  readonly address: Address;
  readonly tls?: Tls | undefined;
  /** The bearer token to show, asked for at each call, so that it may be renewed. */
  readonly token?: () => string | Promise<string>;
  /** Longest a call may take, in ms; 10 s when not given. A caller's own deadline shortens it. */
  readonly deadlineMs?: number;
  readonly maxMessageBytes?: number;
  /** In which refusals are worded where a call does not say it; the remote's own choice without it. */
  readonly language?: Language | undefined;
  readonly breaker?: {
    readonly capacity?: number;
    readonly resetMs?: number;
    readonly errorThreshold?: number;
    readonly volumeThreshold?: number;
  };
}

export interface CallOptions {
  readonly deadlineMs?: number;
  readonly idempotencyKey?: string;
  readonly language?: Language;
  readonly signal?: AbortSignal;
}

/** The RPCs of a definition as functions that answer the response or reject; `decodeRefusal` reads what they reject with. */
export type Rpcs<S extends ServiceDefinition> = {
  readonly [M in keyof S]: (request: RequestOf<S[M]>, options?: CallOptions) => Promise<ResponseOf<S[M]>>;
};
export type RpcClient<S extends ServiceDefinition> = Rpcs<S> & { readonly close: () => void };

/** A client class as ts-proto generates it. */
export interface Remote<S extends ServiceDefinition = ServiceDefinition> {
  new (address: string, credentials: ChannelCredentials, options?: Partial<ClientOptions>): Client;
  readonly service: S;
  readonly serviceName: string;
}

interface Attempt {
  readonly definition: MethodDefinition;
  readonly request: unknown;
  readonly options: CallOptions;
  readonly deadline: number;
  /** Whether the deadline is that of our own caller, who gives less time than the remote would have had. */
  readonly cutShort: boolean;
}

const megabyte = 1_048_576;

/** Calls a remote with its own deadline, capped by that of the call being served, behind one breaker for the remote. */
export function rpcClient<S extends ServiceDefinition>(
  remote: Remote<S>,
  { address, tls, token, deadlineMs = 10_000, maxMessageBytes = 4 * megabyte, language, breaker: guard = {} }: RpcClientOptions,
): RpcClient<S> {
  const client = new remote(formatAddress(address), clientCredentials(address, tls), channelOptions(maxMessageBytes));
  const remoteName = `${remote.serviceName} at ${formatAddress(address)}`;
  const guarded = breaker(remoteName, (signal, attempt: Attempt) => callOnce({ client, signal, token, ...attempt }), {
    // The call ends itself at its deadline; this only frees the breaker should it not.
    timeoutMs: 60_000 + 5_000,
    capacity: guard.capacity ?? 256,
    resetMs: guard.resetMs ?? 5_000,
    errorThreshold: guard.errorThreshold ?? 50,
    volumeThreshold: guard.volumeThreshold ?? 5,
    isFailure: (error, { cutShort }) => speaksAgainstRemote(error, cutShort),
  });
  const invoke = (definition: MethodDefinition, request: unknown, given: CallOptions = {}): Promise<unknown> => {
    const options = { ...(language && { language }), ...given };
    const name = definition.path.slice(1);
    return span(name, { kind: 'client', attributes: { 'rpc.system.name': 'grpc', 'rpc.method': name } }, () =>
      guarded.fire({ definition, request, options, ...deadlineOf(options.deadlineMs ?? deadlineMs) }).catch((error: unknown) => {
        throw isStatus(error) ? error : unavailable(remoteName, error);
      }),
    );
  };
  const rpcs = Object.fromEntries(
    Object.entries(remote.service).map(([key, definition]) => [
      key,
      (request: unknown, options?: CallOptions) => invoke(definition, request, options),
    ]),
  );
  const close = (): void => {
    guarded.stop();
    client.close();
  };
  return { ...(rpcs as Rpcs<S>), close };
}

function channelOptions(maxMessageBytes: number): Partial<ClientOptions> {
  return {
    'grpc.max_receive_message_length': maxMessageBytes,
    // A call is repeated by who knows that it may be, under the same id; never by the channel (reliability C2).
    'grpc.enable_retries': 0,
    'grpc.enable_channelz': 0,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.max_reconnect_backoff_ms': 5_000,
  };
}

interface Sending extends Attempt {
  readonly client: Client;
  readonly signal: AbortSignal;
  readonly token: RpcClientOptions['token'];
}

// Decided when the call begins: once it has failed, what our caller still gives says nothing of how long the remote had.
function deadlineOf(ownMs: number): Pick<Attempt, 'deadline' | 'cutShort'> {
  const own = Date.now() + ownMs;
  const callers = callScope()?.deadline.getTime() ?? Number.POSITIVE_INFINITY;
  return { deadline: Math.min(own, callers), cutShort: callers < own };
}

async function callOnce({ client, signal, token, definition, request, options, deadline }: Sending): Promise<unknown> {
  const metadata = await metadataFor(token, options);
  const stops = [signal, options.signal, callScope()?.signal].filter((stop) => stop !== undefined);
  return new Promise((resolve, reject) => {
    const serialize = definition.requestSerialize as (value: unknown) => Buffer;
    const answer = (error: ServiceError | null, response?: unknown): void => {
      for (const stop of stops) stop.removeEventListener('abort', cancel);
      if (error) reject(error);
      else resolve(response);
    };
    const call = client.makeUnaryRequest(
      definition.path,
      serialize,
      (bytes) => definition.responseDeserialize(bytes),
      request,
      metadata,
      { deadline },
      answer,
    );
    const cancel = (): void => call.cancel();
    for (const stop of stops) stop.addEventListener('abort', cancel, { once: true });
    if (stops.some(({ aborted }) => aborted)) cancel();
  });
}

async function metadataFor(token: RpcClientOptions['token'], { idempotencyKey, language }: CallOptions): Promise<Metadata> {
  const metadata = new Metadata();
  const parent = traceparent();
  if (parent) metadata.set('traceparent', parent);
  if (token) metadata.set('authorization', `Bearer ${await token()}`);
  if (idempotencyKey) metadata.set('idempotency-key', idempotencyKey);
  if (language) metadata.set('accept-language', language);
  return metadata;
}

// A deadline cut short by our own caller says nothing about the remote.
function speaksAgainstRemote(error: unknown, cutShort: boolean): boolean {
  if (!isStatus(error)) return true;
  return error.code === status.UNAVAILABLE || (error.code === status.DEADLINE_EXCEEDED && !cutShort);
}

// So that the breaker's own no looks like what it stands for.
function unavailable(remoteName: string, cause: unknown): ServiceError {
  const details = `${remoteName} is not called at the moment`;
  return Object.assign(new Error(details, { cause }), { code: status.UNAVAILABLE, details, metadata: new Metadata() });
}
