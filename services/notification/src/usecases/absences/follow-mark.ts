import { type Ok, ok } from '@schoolbell/kernel';
import { type Heard, hear, reopen, retractionOf, type Telling } from '../../domain/absences/absence-alert.ts';
import { policyOn } from '../../domain/absences/absence-policy.ts';
import { retract, stop } from '../../domain/absences/retraction.ts';
import { type Origin, settled } from '../../domain/alerts/alert.ts';
import type { Letter } from '../../domain/alerts/audience.ts';
import type { MarkRetracted } from '../../domain/alerts/fact.ts';
import { type Delivery, mayHaveArrived } from '../../domain/deliveries/delivery.ts';
import { alertFailed } from '../../events.ts';
import type { NotificationTx } from '../../tx.ts';

/**
 * events StudentMarkedAbsent, StudentMarkedLate, StudentMarkedPresent, StudentExpectedAgain. Nothing is sent from here: an alert is held,
 * or what was told is taken back.
 */
export async function followMark(tx: NotificationTx, heard: Heard): Promise<Ok<'followed' | 'older'>> {
  const { mark, origin } = heard;
  const halves = await tx.absences.ofDays([mark]);
  const before = halves.find((half) => half.mark.session === mark.session);
  const step = hear(before, heard, policyOn(await tx.policies.all(), mark.date), tx.now);
  if (!step) return ok('older');
  tx.absences.save(before, step.alert);
  if (!step.takeBack) return ok('followed');

  await takeBack(tx, step.takeBack, origin, retractionOf(step.alert, step.takeBack));
  const afternoon = mark.session === 'MORNING' ? halves.find((half) => half.mark.session === 'AFTERNOON') : undefined;
  const again = reopen(afternoon, tx.now);
  if (again) tx.absences.save(afternoon, again);
  return ok('followed');
}

/** Cancels what did not go out yet; whoever has the letter, or may have it, hears once that it does not hold. */
async function takeBack(tx: NotificationTx, { eventId }: Telling, origin: Origin, fact: MarkRetracted): Promise<void> {
  const alert = await tx.alerts.findOpen(eventId);
  if (alert) {
    const { origin: told, fact: said } = alert;
    const deliveries = alert.status === 'TOLD' ? alert.deliveries : 0;
    tx.alerts.settle(alert, settled(deliveries > 0 ? 'COMPOSED' : 'WITHDRAWN', { origin: told, fact: said, deliveries, now: tx.now }));
  }
  const deliveries = await tx.deliveries.ofEvents([eventId]);
  const { cancelled, onTheirWay } = stop(deliveries, tx.now);
  for (const each of onTheirWay) tx.deliveries.markWithdrawn(each);
  for (const { before, after } of cancelled) {
    tx.deliveries.save(before, after);
    tx.emit(alertFailed(after));
  }
  const letters = await retractions(tx, deliveries.filter(mayHaveArrived), { origin, fact });
  for (const { delivery, message } of letters) tx.deliveries.insert(delivery, message);
  tx.alerts.insert(settled('COMPOSED', { origin, fact, deliveries: letters.length, now: tx.now }));
}

async function retractions(
  tx: NotificationTx,
  arrived: readonly Delivery[],
  told: { origin: Origin; fact: MarkRetracted },
): Promise<readonly Letter[]> {
  if (arrived.length === 0) return [];
  const school = await tx.schools.own();
  const [student] = await tx.students.find([told.origin.studentId]);
  const guardians = await tx.guardians.find(arrived.map(({ guardianId }) => guardianId));
  return retract(arrived, told, { school, student, guardians }, tx);
}
