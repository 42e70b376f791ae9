import { addDays, type SchoolDate } from '@schoolbell/kernel';
import { type Change, changeOf } from './change.ts';
import { type HalfDay, sameHalfDay } from './half-day.ts';
import type { LeaveRequest } from './leave.ts';
import type { KnownPupil } from './pupil.ts';
import { coveringOf } from './roll.ts';
import { emptyRollCall, type RollCall, reportsOf, rollCallId } from './roll-call.ts';

/** What is known of one pupil over some half-days. */
export type PupilDays = {
  readonly pupil: KnownPupil;
  readonly halves: readonly HalfDay[];
  readonly rollCalls: readonly RollCall[];
  readonly leaves: readonly LeaveRequest[];
};

/** What becomes of the half-days when this leave is asked for, or taken back. */
export function changesByLeave({ pupil, halves, rollCalls, leaves }: PupilDays, leave: LeaveRequest): Change[] {
  const others = leaves.filter(({ id }) => id !== leave.id);
  return halves.flatMap((half) => {
    const reports = reportsOf(rollCalls.filter((one) => sameHalfDay(one, half))).get(pupil.id) ?? [];
    const before = { reports, leaves: coveringOf(leaves, pupil.id, half) };
    const after = { reports, leaves: coveringOf([...others, leave], pupil.id, half) };
    return changeOf(pupil, half, { before, after }) ?? [];
  });
}

/** Half-days for which a roll may be called while the leave is written: those of today and before, and of tomorrow, should midnight pass. */
export function openHalves(halves: readonly HalfDay[], today: SchoolDate): HalfDay[] {
  return halves.filter(({ date }) => date <= addDays(today, 1));
}

export function rollCallIdsOf({ classIds }: KnownPupil, halves: readonly HalfDay[]): string[] {
  return halves.flatMap((half) => classIds.map((classId) => rollCallId(classId, half)));
}

/** The roll calls that the pupil may be marked in, as they are or still empty. */
export function rollCallsFor(pupil: KnownPupil, halves: readonly HalfDay[], stored: readonly RollCall[]): RollCall[] {
  const known = new Map(stored.map((rollCall) => [rollCall.id, rollCall]));
  return halves.flatMap((half) => {
    const own = known.get(rollCallId(pupil.classId, half)) ?? emptyRollCall(pupil, half);
    const before = pupil.classIds.filter((id) => id !== pupil.classId).flatMap((id) => known.get(rollCallId(id, half)) ?? []);
    return [own, ...before];
  });
}
