import { err, ok, type Result } from '@schoolbell/kernel';
import { type AbsenceAlert, asVerified } from '../../domain/absences/absence-alert.ts';
import type { HalfDay } from '../../domain/absences/mark.ts';
import { type Actor, mayActForClass, type NotYourClass } from '../../domain/rights.ts';
import type { NotificationTx } from '../../tx.ts';

export type AbsencesOfClass = {
  readonly classId: string;
  readonly half: HalfDay;
  readonly actor: Actor;
  /** 1 to 500. */
  readonly size: number;
  /** Pupil of the last alert of the page before; empty for the first page. */
  readonly after: string;
};
export type ListAbsencesRefused = NotYourClass | { readonly code: 'PAGE_TOKEN_WRONG' };
export type AbsencePage = { readonly alerts: readonly AbsenceAlert[]; readonly next: string };

/** rpc ListAbsenceAlerts: what a class teacher verifies, the absent first. */
export async function listAbsences(
  tx: NotificationTx,
  { classId, half, actor, size, after }: AbsencesOfClass,
): Promise<Result<AbsencePage, ListAbsencesRefused>> {
  const allowed = mayActForClass(actor, await tx.classTeachers.of(actor), { classId, date: half.date });
  if (!allowed.ok) return allowed;
  const rows = (await tx.absences.ofClass(classId, half)).toSorted(asVerified);
  const last = rows.findIndex(({ mark }) => mark.studentId === after);
  if (after !== '' && last < 0) return err({ code: 'PAGE_TOKEN_WRONG' });
  const alerts = rows.slice(last + 1, last + 1 + size);
  return ok({ alerts, next: rows.length > last + 1 + size ? (alerts.at(-1)?.mark.studentId ?? '') : '' });
}
