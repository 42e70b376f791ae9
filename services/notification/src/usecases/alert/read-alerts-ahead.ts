import type { Origin } from '../../domain/alert.ts';
import type { NotificationTx } from '../../tx.ts';

/** Reads what many events need at once, so that telling each of them asks the database nothing: a morning's credits come by the hundred. */
export async function readAlertsAhead(tx: NotificationTx, ahead: readonly Pick<Origin, 'eventId' | 'studentId'>[]): Promise<void> {
  if (ahead.length === 0) return;
  const studentIds = ahead.map(({ studentId }) => studentId);
  await tx.alerts.known(ahead.map(({ eventId }) => eventId));
  await tx.students.find(studentIds);
  await tx.guardians.ofStudents(studentIds);
}
