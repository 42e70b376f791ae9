import { err, ok, type Result } from '@schoolbell/kernel';
import { type AbsenceAlert, asVerified } from '../../domain/absences/absence-alert.ts';
import type { HalfDay } from '../../domain/absences/mark.ts';
import { type Actor, mayActForClass, type NotYourClass } from '../../domain/rights.ts';
import type { NotificationTx, Page, PageRequest } from '../../tx.ts';

export type AbsencesOfClass = {
  readonly classId: string;
  readonly half: HalfDay;
  readonly actor: Actor;
  /** Goes on after a pupil. */
  readonly page: PageRequest;
};
export type ListAbsencesRefused = NotYourClass | { readonly code: 'PAGE_TOKEN_WRONG' };

/** rpc ListAbsenceAlerts: what a class teacher verifies, the absent first. */
export async function listAbsences(
  tx: NotificationTx,
  { classId, half, actor, page: { size, after } }: AbsencesOfClass,
): Promise<Result<Page<AbsenceAlert>, ListAbsencesRefused>> {
  const allowed = mayActForClass(actor, await tx.classTeachers.of(actor), { classId, date: half.date });
  if (!allowed.ok) return allowed;
  const rows = (await tx.absences.ofClass(classId, half)).toSorted(asVerified);
  const last = rows.findIndex(({ mark }) => mark.studentId === after);
  if (after !== '' && last < 0) return err({ code: 'PAGE_TOKEN_WRONG' });
  const [shown, more] = [rows.slice(last + 1, last + 1 + size), rows.length > last + 1 + size];
  return ok({ rows: shown, next: more ? shown.at(-1)?.mark.studentId : undefined });
}
