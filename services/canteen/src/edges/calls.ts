import { access } from '@schoolbell/contracts';
import { ok, type Result } from '@schoolbell/kernel';
import type { Call, Deps, WireRefusal } from '@schoolbell/service-kit';
import type { CanteenConfig } from '../config.ts';
import type { Actor } from '../domain/rights.ts';
import type { CanteenTx } from '../tx.ts';
import { type CanteenRefused, refused } from './refusals.ts';

export type CanteenDeps = Pick<Deps<CanteenConfig, CanteenTx>, 'transact' | 'read' | 'now' | 'wake'>;

type Rpc = keyof typeof access extends infer Name ? (Name extends `school.canteen.v1.CanteenService/${infer R}` ? R : never) : never;

/** The office is whoever may make this call by another role than parent. */
export function actorOf(rpc: Rpc, call: Call): Actor {
  const { subject } = call.caller;
  return { subject, scope: actingRoles(rpc, call).some((role) => role !== 'parent') ? 'SCHOOL' : 'CHILDREN' };
}

/** The caller's roles that open this call. */
export function actingRoles(rpc: Rpc, { caller: { roles } }: Call): readonly string[] {
  const allowed: readonly string[] = access[`school.canteen.v1.CanteenService/${rpc}`];
  return roles.filter((role) => allowed.includes(role));
}

export function scopeOf({ schoolId, deadline }: Call): { schoolId: string; deadline: Date } {
  return { schoolId, deadline };
}

export async function withInput<I, M>(
  input: Result<I, CanteenRefused>,
  work: (input: I) => Promise<Result<M, WireRefusal>>,
): Promise<Result<M, WireRefusal>> {
  return input.ok ? work(input.value) : refused(input.refusal);
}

export function answer<T, M>(result: Result<T, CanteenRefused>, message: (value: T) => M): Result<M, WireRefusal> {
  return result.ok ? ok(message(result.value)) : refused(result.refusal);
}
