import { err, ok, type Result } from '@schoolbell/kernel';
import type { Caller } from './auth.ts';
import { kitRefusal } from './kit-refusals.ts';
import type { Language, WireRefusal } from './wire-refusal.ts';

/** What a handler may know of the call besides the request. The school comes from the caller's token and from nowhere else. */
export interface Call {
  readonly caller: Caller;
  /** The caller's roles that open this RPC: a teacher who is a nurse too calls a roll as a teacher. */
  readonly acting: readonly string[];
  readonly schoolId: string;
  /** After this instant nobody waits for the answer. */
  readonly deadline: Date;
  readonly language: Language;
  readonly idempotencyKey?: string;
  /** Aborts at the deadline, or when the caller goes away. */
  readonly signal: AbortSignal;
}

/** One RPC as ts-proto writes it down. */
export interface MethodDefinition {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  // Written as methods, so that a definition of a narrower message still fits.
  requestSerialize(value: never): Buffer;
  requestDeserialize(value: Buffer): unknown;
  responseSerialize(value: never): Buffer;
  responseDeserialize(value: Buffer): unknown;
}

export type ServiceDefinition = { readonly [method: string]: MethodDefinition };
export type RequestOf<M extends MethodDefinition> = ReturnType<M['requestDeserialize']>;
export type ResponseOf<M extends MethodDefinition> = ReturnType<M['responseDeserialize']>;

/** One function per RPC of the definition; a missing one does not compile. */
export type Handlers<S extends ServiceDefinition> = {
  readonly [M in keyof S]: (request: RequestOf<S[M]>, call: Call) => Promise<Result<ResponseOf<S[M]>, WireRefusal>>;
};

/** Roles by RPC ('school.billing.v1.BillingService/IssueInvoice'), as the contracts package exports them. */
export type AccessTable = Readonly<Record<string, readonly string[]>>;

export interface RpcMethod {
  /** 'school.billing.v1.BillingService/IssueInvoice' */
  readonly name: string;
  readonly path: string;
  readonly roles: ReadonlySet<string>;
  readonly handle: (bytes: Buffer, call: Call) => Promise<Result<Buffer, WireRefusal>>;
}

export interface RpcService {
  /** 'school.billing.v1.BillingService' */
  readonly name: string;
  readonly methods: readonly RpcMethod[];
}

/**
 * Joins a ts-proto definition with its handlers and with who may call them. Throws at boot for an RPC that the access table does not
 * name, or that streams: only unary calls are served.
 */
export function rpcService<S extends ServiceDefinition>(definition: S, access: AccessTable, handlers: Handlers<S>): RpcService {
  const keys: (keyof S)[] = Object.keys(definition);
  const methods = keys.map((key) => rpcMethod(definition[key] as S[typeof key], access, handlers[key]));
  const name = methods[0]?.name.split('/')[0];
  if (name === undefined) throw new Error('A service without RPCs cannot be served');
  return { name, methods };
}

function rpcMethod<M extends MethodDefinition>(
  definition: M,
  access: AccessTable,
  handler: (request: RequestOf<M>, call: Call) => Promise<Result<ResponseOf<M>, WireRefusal>>,
): RpcMethod {
  const { path, requestStream, responseStream } = definition;
  const name = path.slice(1);
  const roles = access[name];
  if (!roles || roles.length === 0) throw new Error(`No role may call ${name}: the access table does not name it`);
  if (requestStream || responseStream) throw new Error(`${name} streams; only unary calls are served`);
  return {
    name,
    path,
    roles: new Set(roles),
    async handle(bytes, call) {
      const request = decode<M>(definition, bytes);
      if (!request.ok) return request;
      const result = await handler(request.value, call);
      return result.ok ? ok(definition.responseSerialize(result.value as never)) : result;
    },
  };
}

function decode<M extends MethodDefinition>(definition: M, bytes: Buffer): Result<RequestOf<M>, WireRefusal> {
  try {
    return ok(definition.requestDeserialize(bytes) as RequestOf<M>);
  } catch {
    return err(kitRefusal({ code: 'MESSAGE_UNREADABLE' }));
  }
}
