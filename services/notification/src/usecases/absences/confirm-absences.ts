import { err, ok, type Result } from '@schoolbell/kernel';
import { type AbsenceAlert, asVerified, confirm } from '../../domain/absences/absence-alert.ts';
import type { HalfDay } from '../../domain/absences/mark.ts';
import { type Actor, mayActForClass, type NotYourClass } from '../../domain/rights.ts';
import type { NotificationTx } from '../../tx.ts';

export type Confirming = {
  readonly classId: string;
  readonly half: HalfDay;
  /** Empty for every held alert of the class. */
  readonly studentIds: readonly string[];
  readonly actor: Actor;
};
export type ConfirmRefused = NotYourClass | AlertNotFound;
export type AlertNotFound = { readonly code: 'ALERT_NOT_FOUND'; readonly studentId: string };

/** rpc ConfirmAbsenceAlerts: makes alerts due; the clock lets them go. What went out already stays as it is. */
export async function confirmAbsences(
  tx: NotificationTx,
  { classId, half, studentIds, actor }: Confirming,
): Promise<Result<readonly AbsenceAlert[], ConfirmRefused>> {
  const allowed = mayActForClass(actor, await tx.classTeachers.of(actor), { classId, date: half.date });
  if (!allowed.ok) return allowed;
  const ofClass = new Map((await tx.absences.ofClass(classId, half)).map((alert) => [alert.mark.studentId, alert]));
  const stranger = studentIds.find((studentId) => !ofClass.has(studentId));
  if (stranger !== undefined) return err({ code: 'ALERT_NOT_FOUND', studentId: stranger });

  const wanted = new Set(studentIds);
  const named = wanted.size > 0;
  const confirmed = [...ofClass.values()]
    .filter(({ mark }) => !named || wanted.has(mark.studentId))
    .map((before) => {
      const after = confirm(before, { by: actor.subject, named }, tx.now);
      if (after !== before) tx.absences.save(before, after);
      return after;
    });
  return ok(confirmed.toSorted(asVerified));
}
