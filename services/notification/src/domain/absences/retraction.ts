import type { Origin } from '../alerts/alert.ts';
import { audienceOf, type Known, type Letter, lettersFor } from '../alerts/audience.ts';
import type { Fact } from '../alerts/fact.ts';
import { type Delivery, type FailedDelivery, type PendingDelivery, type SendingDelivery, withdraw } from '../deliveries/delivery.ts';

/** What becomes of letters that do not hold: those that did not go out are cancelled, those on their way are not tried again. */
export type Stopped = {
  readonly cancelled: readonly { readonly before: PendingDelivery; readonly after: FailedDelivery }[];
  readonly onTheirWay: readonly SendingDelivery[];
};

export function stop(letters: readonly Delivery[], now: Date): Stopped {
  const cancelled = letters.flatMap((before) => {
    const after = withdraw(before, now);
    return before.status === 'PENDING' && after.status === 'FAILED' ? [{ before, after }] : [];
  });
  return { cancelled, onTheirWay: letters.filter((letter) => letter.status === 'SENDING') };
}

type Retracting = { readonly origin: Origin; readonly fact: Fact };

/** Tells each of those who have these letters, or are going to, once that they do not hold. */
export function retract(
  letters: readonly Delivery[],
  { origin, fact }: Retracting,
  known: Known,
  tools: { readonly now: Date; readonly newId: () => string },
): readonly Letter[] {
  const retracted = new Map(letters.map(({ guardianId, id }) => [guardianId, id]));
  const audience = audienceOf(origin.studentId, { ...known, guardians: known.guardians.filter(({ id }) => retracted.has(id)) });
  if (!audience) return [];
  return lettersFor(fact, origin, audience, tools).map(({ delivery, message }) => {
    const retracts = retracted.get(delivery.guardianId);
    return { message, delivery: retracts === undefined ? delivery : { ...delivery, retracts } };
  });
}
