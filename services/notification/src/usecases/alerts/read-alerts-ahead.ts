import type { Origin } from '../../domain/alerts/alert.ts';
import type { NotificationTx } from '../../tx.ts';

/** What waits is only kept: who hears of it is asked when its time comes. */
type Ahead = Pick<Origin, 'eventId' | 'studentId'> & { readonly waits?: boolean };

/** Reads what many events need at once, so that telling each of them asks the database nothing: a morning's credits come by the hundred. */
export async function readAlertsAhead(tx: NotificationTx, ahead: readonly Ahead[]): Promise<void> {
  if (ahead.length === 0) return;
  await tx.alerts.known(ahead.map(({ eventId }) => eventId));
  const studentIds = ahead.flatMap(({ studentId, waits = false }) => (waits ? [] : [studentId]));
  if (studentIds.length === 0) return;
  await tx.students.find(studentIds);
  await tx.guardians.ofStudents(studentIds);
}
