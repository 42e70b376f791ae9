import { err, ok, type Result } from '@schoolbell/kernel';
import { hasBegun, type NoSchool, schoolOn, type TooEarly } from '../domain/calendar.ts';
import type { HalfDay } from '../domain/half-day.ts';
import { mayHaveBeenTold, mayMark, type ReportTooEarly, type TooLongAgo } from '../domain/look-back.ts';
import { type Actor, mayActForClass, type NotYours } from '../domain/rights.ts';
import { type Roll, type TakeRefused, take } from '../domain/roll.ts';
import { type Act, earlierSubmission, isCalled, submissionOf } from '../domain/roll-call.ts';
import { standingChanged } from '../events.ts';
import type { AttendanceTx } from '../tx.ts';

export interface RollCallOrder {
  readonly classId: string;
  readonly half: HalfDay;
  readonly act: Act;
  readonly actor: Actor;
}

export type RollCallRefused =
  | TakeRefused
  | NoSchool
  | TooEarly
  | TooLongAgo
  | ReportTooEarly
  | NotYours
  | { readonly code: 'CLASS_UNKNOWN'; readonly classId: string };

/** rpc SubmitRollCall, rpc CorrectMark: one more act of marking for a class and half-day. What was said before is kept. */
export async function submitRollCall(
  tx: AttendanceTx,
  { classId, half, act, actor }: RollCallOrder,
): Promise<Result<Roll, RollCallRefused>> {
  const allowed = mayActForClass(await tx.authority.of(actor), { classId, date: half.date });
  if (!allowed.ok) return allowed;
  const named = act.marks.map(({ studentId }) => studentId);
  const roll = await tx.rolls.open(classId, half, { named, submissionId: act.id });
  if (!roll) return err({ code: 'CLASS_UNKNOWN', classId });
  if (roll.idUsedElsewhere) return err({ code: 'ID_REUSED', id: act.id });
  const earlier = earlierSubmission(roll.rollCall, act);
  if (!earlier.ok) return earlier;
  if (earlier.value) return ok(roll); // The device resends after a dropped reply.

  const year = schoolOn(roll.year, half);
  if (!year.ok) return year;
  const submission = submissionOf(act, { by: actor.subject, now: tx.now });
  const begun = hasBegun(year.value, half, { takenAt: submission.takenAt, now: tx.now });
  if (!begun.ok) return begun;
  const may = mayMark(half, { scope: actor.scope, source: act.source, isCalled: isCalled(roll.rollCall), now: tx.now });
  if (!may.ok) return may;
  const told = mayHaveBeenTold(year.value, half, { scope: actor.scope, marks: act.marks });
  if (!told.ok) return told;
  const taken = take(roll, submission);
  if (!taken.ok) return taken;

  tx.rollCalls.save(roll.rollCall, taken.value.roll.rollCall);
  for (const change of taken.value.changes) {
    tx.absences.keep(change);
    for (const event of standingChanged(change, tx.now)) tx.emit(event);
  }
  return ok(taken.value.roll);
}
