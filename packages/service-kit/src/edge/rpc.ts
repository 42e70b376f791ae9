import { access } from '@schoolbell/contracts';
import { err, ok, type Refusal, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import type { z } from 'zod';
import { type Call, type RequestOf, type ResponseOf, type RpcService, rpcService, type ServiceDefinition } from '../rpc.ts';
import type { Deps } from '../service.ts';
import type { Page } from '../store/page.ts';
import type { WireRefusal } from '../wire-refusal.ts';
import { toToken } from './fields.ts';
import { readInput, toSnake } from './input.ts';
import type { CommonRefused } from './refusals.ts';

/** What a use case's line in the table may know of the call. */
export interface EdgeCall extends Call {
  /** The business day on which the call came. */
  readonly today: SchoolDate;
}

export type EdgeDeps<T> = Pick<Deps<unknown, T>, 'transact' | 'read' | 'now' | 'wake'>;

/** One RPC's way from its request to its answer. */
export type Endpoint<T, Request, Message, R> = (request: Request, call: EdgeCall, deps: EdgeDeps<T>) => Promise<Result<Message, R>>;

export interface CommandOptions<Input> {
  /** The field with the id that the caller made: an `idempotency-key` must be equal to it. */
  readonly key?: keyof Input & string;
  /** The job that the command leaves work for. */
  readonly wakes?: string;
}

export interface QueryOptions {
  /** All that is read must be of one moment; costs a transaction. */
  readonly snapshot?: boolean;
}

/** What a service over the transactions `T` builds the table of its RPCs with. */
export function edge<T>() {
  type UseCase<S extends z.ZodType, V> = (tx: T, input: z.output<S>, call: EdgeCall) => Promise<V>;

  /** Reads the request, runs the use case in one transaction, and tells its result. */
  function command<S extends z.ZodType, V, R extends Refusal, M>(
    schema: S,
    useCase: UseCase<S, Result<V, R>>,
    message: (value: V) => M,
    { key, wakes }: CommandOptions<z.output<S>> = {},
  ): Endpoint<T, unknown, M, R | CommonRefused> {
    return async (request, call, { transact, wake }) => {
      const input = readInput(schema, request);
      if (!input.ok) return input;
      const id = key && String(input.value[key]);
      if (key && id && call.idempotencyKey !== undefined && call.idempotencyKey !== id)
        return err({ code: 'IDEMPOTENCY_KEY_DIFFERS', field: toSnake(key), id });
      const result = await transact(call, (tx) => useCase(tx, input.value, call));
      if (!result.ok) return result;
      if (wakes !== undefined) wake(wakes);
      return ok(message(result.value));
    };
  }

  /** Reads the request, looks, and tells what was found. */
  function query<S extends z.ZodType, V, M, R extends Refusal = never>(
    schema: S,
    look: UseCase<S, Result<V, R>>,
    message: (value: V) => M,
    { snapshot = false }: QueryOptions = {},
  ): Endpoint<T, unknown, M, R | CommonRefused> {
    return async (request, call, { read, transact }) => {
      const input = readInput(schema, request);
      if (!input.ok) return input;
      const looked = (tx: T) => look(tx, input.value, call);
      const result = await (snapshot ? transact(call, looked) : read(call, looked));
      return result.ok ? ok(message(result.value)) : result;
    };
  }

  /** A query for one page of a list; adds the token of the next. */
  function list<S extends z.ZodType, Row, M extends object, R extends Refusal = never>(
    schema: S,
    look: UseCase<S, Page<Row> | Result<Page<Row>, R>>,
    message: (rows: readonly Row[]) => M,
    options?: QueryOptions,
  ): Endpoint<T, unknown, M & { page: { nextToken: string } }, R | CommonRefused> {
    const looked: UseCase<S, Result<Page<Row>, R>> = async (...asked) => {
      const answer = await look(...asked);
      return 'ok' in answer ? answer : ok(answer);
    };
    return query(schema, looked, ({ rows, next }) => ({ ...message(rows), page: { nextToken: toToken(next) } }), options);
  }

  return { command, query, list, rpc: rpc as Rpc<T> };
}

/** What a query looked for, refused with `missing` where there is none. */
export async function found<V, const R extends Refusal>(looked: Promise<V | undefined>, missing: R): Promise<Result<V, R>> {
  const value = await looked;
  return value === undefined ? err(missing) : ok(value);
}

/** The gRPC face of a service: one line for each RPC of the definition. A missing RPC or refusal does not compile. */
type Rpc<T> = <S extends ServiceDefinition, R>(
  definition: S,
  refused: (refusal: R) => WireRefusal,
  endpoints: { readonly [M in keyof S]: Endpoint<T, RequestOf<S[M]>, ResponseOf<S[M]>, R> },
) => (deps: EdgeDeps<T>) => RpcService;

const rpc: Rpc<unknown> = (definition, refused, endpoints) => (deps) => {
  const handlers = Object.entries(endpoints).map(([method, endpoint]) => [
    method,
    async (request: never, call: Call) => {
      const result = await endpoint(request, { ...call, today: schoolDateOf(deps.now()) }, deps);
      return result.ok ? result : err(refused(result.refusal));
    },
  ]);
  return rpcService(definition, access, Object.fromEntries(handlers));
};
