import { type Ok, ok } from '@schoolbell/kernel';
import { dayOf } from '../../domain/alerts/alert.ts';
import type { Lane } from '../../domain/alerts/fact.ts';
import type { Message } from '../../domain/alerts/message.ts';
import { awaitTurn, claim, type Delivery, giveUp, type OpenDelivery, type SendingDelivery } from '../../domain/deliveries/delivery.ts';
import { recipient } from '../../domain/roster/roster.ts';
import { alertFailed } from '../../events.ts';
import type { NotificationTx } from '../../tx.ts';

/** A delivery that is held until its lease ends, with its letter and where it goes now. */
export type Claimed = { readonly delivery: SendingDelivery; readonly message: Message; readonly email: string };

/** `unreadable` names deliveries that are stored as no delivery can be: they are put off, so that no other waits for them. */
export type Claims = { readonly claimed: readonly Claimed[]; readonly unreadable: readonly string[] };

const unreadableWaitMs = 60_000;

/** Without a lane, of any. */
type Claiming = { readonly limit: number; readonly leaseMs: number; readonly lane?: Lane };

/**
 * Timer: takes up to `limit` due deliveries for one worker. The roster is asked once more: whoever withdrew consent since, or turned out
 * to be no guardian on that day, gets nothing, and a new address is used. A retraction waits for the end of what it takes back.
 */
export async function claimDeliveries(tx: NotificationTx, { limit, leaseMs, lane }: Claiming): Promise<Ok<Claims>> {
  const { due, unreadable } = await tx.deliveries.due(limit, lane);
  for (const id of unreadable) tx.deliveries.putOff(id, new Date(tx.now.getTime() + unreadableWaitMs));
  if (due.length === 0) return ok({ claimed: [], unreadable });
  const guardians = new Map(
    (await tx.guardians.find(due.map(({ delivery }) => delivery.guardianId))).map((guardian) => [guardian.id, guardian]),
  );

  const retracted = await retractedBy(
    tx,
    due.map(({ delivery }) => delivery),
  );
  const claimed: Claimed[] = [];
  for (const { delivery, message } of due) {
    const known = guardians.get(delivery.guardianId);
    const guardian = known ? recipient(known, delivery.studentId, dayOf(delivery, tx.now)) : 'NOT_GUARDIAN';
    const refused = typeof guardian === 'string';
    const before = retracted.get(delivery.retracts ?? '');
    const waiting = before && awaitTurn(delivery, before, tx.now);
    if (waiting) {
      tx.deliveries.save(delivery, waiting);
      if (waiting.status === 'FAILED') tx.emit(alertFailed(waiting));
      continue;
    }
    const taken = refused ? giveUp(delivery, guardian, tx.now) : claim(delivery, { token: tx.newId(), leaseMs, now: tx.now });
    tx.deliveries.save(delivery, taken);
    if (taken.status === 'FAILED') tx.emit(alertFailed(taken));
    else if (!refused) claimed.push({ delivery: taken, message, email: guardian.email });
  }
  return ok({ claimed, unreadable });
}

async function retractedBy(tx: NotificationTx, due: readonly OpenDelivery[]): Promise<Map<string, Delivery>> {
  const ids = due.flatMap(({ retracts }) => (retracts === undefined ? [] : [retracts]));
  if (ids.length === 0) return new Map();
  return new Map((await tx.deliveries.findSome(ids)).map((delivery) => [delivery.id, delivery]));
}
