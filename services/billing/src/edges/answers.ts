import { err, ok, type Result } from '@schoolbell/kernel';
import type { Call, WireRefusal } from '@schoolbell/service-kit';
import { toSnake } from './input.ts';
import { type BillingRefused, refused } from './refusals.ts';

/** Goes on with what was read of a request, or says what was wrong with it. */
export async function withInput<I, M>(
  input: Result<I, BillingRefused>,
  work: (input: I) => Promise<Result<M, WireRefusal>>,
): Promise<Result<M, WireRefusal>> {
  return input.ok ? work(input.value) : refused(input.refusal);
}

/** Where a caller sends both, its idempotency key is the id it made: two names for one wish would contradict each other. */
export function keyed<F extends string, I extends Record<F, string>>(
  input: Result<I, BillingRefused>,
  { idempotencyKey }: Pick<Call, 'idempotencyKey'>,
  field: F,
): Result<I, BillingRefused> {
  if (!input.ok || idempotencyKey === undefined || idempotencyKey === input.value[field]) return input;
  return err({ code: 'IDEMPOTENCY_KEY_DIFFERS', field: toSnake(field), id: input.value[field] });
}

export function answer<T, M>(result: Result<T, BillingRefused>, message: (value: T) => M): Result<M, WireRefusal> {
  return result.ok ? ok(message(result.value)) : refused(result.refusal);
}
