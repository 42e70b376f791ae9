import { type Ok, ok } from '@schoolbell/kernel';
import type { Origin } from '../../domain/alerts/alert.ts';
import { tell } from '../../domain/alerts/audience.ts';
import type { Fact } from '../../domain/alerts/fact.ts';
import type { NotificationTx } from '../../tx.ts';

export type Alerted =
  | { readonly outcome: 'COMPOSED'; readonly deliveries: number }
  | { readonly outcome: 'WAITING' }
  | { readonly outcome: 'KNOWN_ALREADY' };

/** A fact that guardians hear: letters for those known to the roster, or a wait until it knows somebody. */
export async function alertGuardians(tx: NotificationTx, { origin, fact }: { origin: Origin; fact: Fact }): Promise<Ok<Alerted>> {
  const { eventId, studentId } = origin;
  if ((await tx.alerts.known([eventId])).length > 0) return ok({ outcome: 'KNOWN_ALREADY' });
  const school = await tx.schools.own();
  const [student] = await tx.students.find([studentId]);
  const { alert, letters } = tell(fact, origin, { school, student, guardians: await tx.guardians.ofStudents([studentId]) }, tx);
  tx.alerts.insert(alert);
  for (const { delivery, message } of letters) tx.deliveries.insert(delivery, message);
  return ok(alert.status === 'WAITING' ? { outcome: 'WAITING' } : { outcome: 'COMPOSED', deliveries: letters.length });
}
