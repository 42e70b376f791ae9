import type { Origin } from '../../domain/alert.ts';
import { audienceOf, lettersFor } from '../../domain/audience.ts';
import { type Delivery, withdraw } from '../../domain/delivery.ts';
import type { Fact } from '../../domain/fact.ts';
import { alertFailed } from '../../events.ts';
import type { NotificationTx } from '../../tx.ts';

/** What it says does not hold: a letter that did not go out is cancelled, one that is on its way is not tried again. */
export function stop(tx: NotificationTx, delivery: Delivery): void {
  const stopped = withdraw(delivery, tx.now);
  if (delivery.status === 'SENDING') tx.deliveries.markWithdrawn(delivery);
  if (delivery.status !== 'PENDING' || stopped.status !== 'FAILED') return;
  tx.deliveries.save(delivery, stopped);
  tx.emit(alertFailed(stopped));
}

/** Tells each of those who have these letters, or are going to, once that they do not hold. Answers how many are told. */
export async function retract(
  tx: NotificationTx,
  letters: readonly Delivery[],
  { origin, fact }: { readonly origin: Origin; readonly fact: Fact },
): Promise<number> {
  if (letters.length === 0) return 0;
  const retracted = new Map(letters.map(({ guardianId, id }) => [guardianId, id]));
  const { studentId } = origin;
  const school = await tx.schools.own();
  const [student] = await tx.students.find([studentId]);
  const audience = audienceOf(studentId, { school, student, guardians: await tx.guardians.find([...retracted.keys()]) });
  const retractions = audience ? lettersFor(fact, origin, audience, tx) : [];
  for (const { delivery, message } of retractions) {
    const retracts = retracted.get(delivery.guardianId);
    tx.deliveries.insert(retracts === undefined ? delivery : { ...delivery, retracts }, message);
  }
  return retractions.length;
}
