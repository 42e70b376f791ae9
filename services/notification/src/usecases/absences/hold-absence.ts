import { err, type Result } from '@schoolbell/kernel';
import { type AbsenceAlert, holdBack, type NotHeld } from '../../domain/absences/absence-alert.ts';
import type { HalfDay } from '../../domain/absences/mark.ts';
import { type Actor, mayActForClass, type NotYourClass } from '../../domain/rights.ts';
import type { NotificationTx } from '../../tx.ts';

export type Holding = { readonly studentId: string; readonly half: HalfDay; readonly reason: string; readonly actor: Actor };
export type HoldRefused = NotYourClass | NotHeld | { readonly code: 'ALERT_NOT_FOUND'; readonly studentId: string };

/** rpc HoldAbsenceAlert: nobody is told of this mark. */
export async function holdAbsence(
  tx: NotificationTx,
  { studentId, half, reason, actor }: Holding,
): Promise<Result<AbsenceAlert, HoldRefused>> {
  const assignments = await tx.classTeachers.of(actor);
  const [before] = await tx.absences.find([studentId], half);
  if (!before) return err({ code: 'ALERT_NOT_FOUND', studentId });
  const allowed = mayActForClass(actor, assignments, { classId: before.mark.classId, date: half.date });
  if (!allowed.ok) return allowed;
  const held = holdBack(before, { by: actor.subject, reason }, tx.now);
  if (held.ok && held.value !== before) tx.absences.save(before, held.value);
  return held;
}
