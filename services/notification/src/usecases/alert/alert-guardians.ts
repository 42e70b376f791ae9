import { type Ok, ok } from '@schoolbell/kernel';
import { type Fact, type Origin, told, waiting } from '../../domain/alert.ts';
import { audienceOf, lettersFor } from '../../domain/audience.ts';
import type { NotificationTx } from '../../tx.ts';

export type Alerted =
  | { readonly outcome: 'COMPOSED'; readonly deliveries: number }
  | { readonly outcome: 'WAITING' }
  | { readonly outcome: 'KNOWN_ALREADY' };

/** A fact that guardians hear: letters for those known to the roster, or a wait until it knows somebody. */
export async function alertGuardians(tx: NotificationTx, { origin, fact }: { origin: Origin; fact: Fact }): Promise<Ok<Alerted>> {
  const { eventId, studentId } = origin;
  if (await tx.alerts.known(eventId)) return ok({ outcome: 'KNOWN_ALREADY' });

  const school = await tx.schools.own();
  const [student] = await tx.students.find([studentId]);
  const audience = audienceOf(studentId, { school, student, guardians: await tx.guardians.ofStudents([studentId]) });
  if (!audience) {
    tx.alerts.insert(waiting(origin, fact, tx.now));
    return ok({ outcome: 'WAITING' });
  }

  const letters = lettersFor(fact, origin, audience, tx);
  for (const { delivery, message } of letters) tx.deliveries.insert(delivery, message);
  tx.alerts.insert(told({ origin, fact, heardAt: tx.now }, letters.length, tx.now));
  return ok({ outcome: 'COMPOSED', deliveries: letters.length });
}
