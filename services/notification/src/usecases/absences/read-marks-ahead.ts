import type { Mark } from '../../domain/absences/mark.ts';
import type { NotificationTx } from '../../tx.ts';

/** Reads what many marks need at once: a roll call announces each pupil who is away. */
export async function readMarksAhead(tx: NotificationTx, ahead: readonly Pick<Mark, 'studentId' | 'date'>[]): Promise<void> {
  if (ahead.length > 0) await tx.absences.ofDays(ahead);
}
