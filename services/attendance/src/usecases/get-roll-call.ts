import { err, ok, type Result } from '@schoolbell/kernel';
import type { HalfDay } from '../domain/half-day.ts';
import { type Actor, mayActForClass, type NotYours } from '../domain/rights.ts';
import type { Roll } from '../domain/roll.ts';
import type { AttendanceTx } from '../tx.ts';

export interface RollCallQuestion {
  readonly classId: string;
  readonly half: HalfDay;
  readonly actor: Actor;
}

export type RollCallUnknown = NotYours | { readonly code: 'CLASS_UNKNOWN'; readonly classId: string };

/** rpc GetRollCall */
export async function getRollCall(tx: AttendanceTx, { classId, half, actor }: RollCallQuestion): Promise<Result<Roll, RollCallUnknown>> {
  const allowed = mayActForClass(await tx.authority.of(actor), { classId, date: half.date });
  if (!allowed.ok) return allowed;
  const roll = await tx.rolls.open(classId, half);
  return roll ? ok(roll) : err({ code: 'CLASS_UNKNOWN', classId });
}
