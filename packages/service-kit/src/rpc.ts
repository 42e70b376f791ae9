import { status, type Metadata, type sendUnaryData, type ServerUnaryCall, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Result } from '@schoolbell/kernel';
import type { Caller } from './auth.ts';
import type { Language, WireRefusal } from './wire-refusal.ts';

/** What a handler may know of the call besides the request. The school comes from the caller's token and from nowhere else. */
export interface Call {
  readonly caller: Caller;
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
  readonly roles: ReadonlySet<string>;
  /** Throws when the bytes are no such message. */
  readonly handle: (bytes: Buffer, call: Call) => Promise<Result<Buffer, WireRefusal>>;
  readonly definition: MethodDefinition;
  readonly key: string;
}

export interface RpcService {
  /** 'school.billing.v1.BillingService' */
  readonly name: string;
  readonly methods: readonly RpcMethod[];
}
